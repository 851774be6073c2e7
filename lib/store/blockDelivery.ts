import type { AnyEvent } from '../event/AnyEvent.js';
import { right, type Either } from '../event/Either.js';
import { isWork } from '../flow/mailbox/Work.js';
import type { BlockFailure } from './errors.js';
import type { BlockPart } from './BlockSubscriber.js';
import type { BlockRoutes, NumberedSubscriber } from './blockRoutes.js';
import { andThen, inOrder, type Step } from './inOrder.js';
import type { Operations } from './blockOperations.js';
import type { Savepoint } from './savepoint.js';
import { failedTask, tryTask } from './Task.js';

/** What deliveries need from the open block. */
export interface DeliveryContext<E extends AnyEvent, Tx> {
  readonly tx: Tx;
  readonly height: number;
  readonly routes: BlockRoutes<E, Tx>;
  /** Undoes only the work of a failing subscriber; absent if the failure fails the block. */
  readonly savepoint: Savepoint | undefined;
  readonly operations: Operations<E>;
  /** Waits for the work that a subscriber returned. Never throws. */
  readonly wait: (work: unknown) => Promise<unknown>;
  /** Whether work failed only because of its data. */
  readonly isBadRow: (error: unknown) => boolean;
  /** Reports that a subscriber has failed on these events; the block goes on. */
  readonly reportFailure: (who: NumberedSubscriber<E, Tx>, events: readonly E[], error: unknown) => void;
}

/** Calls the subscribers in an open block (promises S2, S3 and S7). */
export interface BlockDelivery<E> {
  /** `undefined` if every subscriber finished synchronously. */
  readonly deliver: (event: E) => Step | undefined;
  readonly flush: () => Step | undefined;
  /** Ends the open savepoint and keeps its writes. */
  readonly settle: () => Step | undefined;
  /** Ends the open savepoint; the block will be rolled back. */
  readonly abandon: () => Promise<void>;
}

/** A call of a subscriber: an event, a flush, or one part of such a call that is retried in parts. */
interface Job<E, Tx> {
  readonly operation: 'next' | 'flush';
  readonly event?: E;
  readonly part?: BlockPart<E, Tx>;
}

const FLUSH = { operation: 'flush' } as const;

export const blockDelivery = <E extends AnyEvent, Tx>(context: DeliveryContext<E, Tx>): BlockDelivery<E> => {
  const { tx, height, routes, savepoint, operations, wait, isBadRow, reportFailure } = context;

  // No closure and no array per event: most events finish synchronously.
  const call = ({ subscriber }: NumberedSubscriber<E, Tx>, { operation: what, event, part }: Job<E, Tx>): unknown => {
    if (part !== undefined) return part.write(tx);
    return what === 'next' ? subscriber.next(event!, tx) : subscriber.flush?.(tx);
  };
  const eventsOf = ({ event, part }: Job<E, Tx>): readonly E[] => part?.events ?? (event === undefined ? [] : [event]);

  const where = (job: Job<E, Tx>, { who }: NumberedSubscriber<E, Tx>): BlockFailure => {
    const [event] = eventsOf(job);
    return { operation: job.operation, height, subscriber: who.name, ...(event === undefined ? {} : { event }) };
  };
  /** Waits for work that has begun, even if the writer is released in the meantime: the rollback comes after it. */
  const begun = (where: BlockFailure, run: () => Promise<unknown>): Step =>
    tryTask(
      () => run().then(toUndefined),
      cause => operations.failure(where, cause),
    );

  /**
   * Ends the open savepoint with `work`. If the work failed and was undone, `undone` returns the next step. If it could not
   * be undone, the block fails with the reason for that, and `lost` gets the error of the work.
   */
  const settle = (
    work: Promise<unknown>,
    undone: (error: unknown) => Step | undefined,
    lost: (error: unknown) => void,
  ): Step | undefined => {
    let outcome: Either<unknown, undefined> = right(undefined);
    const settled = begun({ operation: 'savepoint', height }, async () => {
      try {
        outcome = await savepoint!.settle(work);
      } catch (error) {
        await work.catch(lost);
        throw error;
      }
    });
    return andThen(settled, () => (outcome._tag === 'Left' ? undone(outcome.left) : undefined));
  };

  const perform = (subscriber: NumberedSubscriber<E, Tx>, job: Job<E, Tx>): Step | undefined => {
    if (operations.isStopped() || savepoint?.isOpen() === false) {
      const opened = operations.run({ operation: 'savepoint', height }, () => savepoint!.open());
      return andThen(opened, () => perform(subscriber, job));
    }
    let work: Promise<unknown>;
    try {
      const result = call(subscriber, job);
      if (!isWork(result)) return undefined;
      work = wait(result);
    } catch (error) {
      return failed(subscriber, job, error, true);
    }
    if (savepoint === undefined) return begun(where(job, subscriber), () => work);
    return settle(
      work,
      error => failed(subscriber, job, error, false),
      error => reportFailure(subscriber, eventsOf(job), error),
    );
  };

  const failed = (
    subscriber: NumberedSubscriber<E, Tx>,
    job: Job<E, Tx>,
    error: unknown,
    threw: boolean,
  ): Step | undefined => {
    // A `next` that throws has neither collected nor written the event, so there are no parts to retry.
    const isAlone = threw && job.operation === 'next' && job.part === undefined;
    if (operations.isStopped() || savepoint === undefined || !(isAlone || isBadRow(error)))
      return failedTask(operations.failure(where(job, subscriber), error));
    let parts: readonly BlockPart<E, Tx>[] | undefined;
    try {
      parts = isAlone || job.part !== undefined ? undefined : subscriber.subscriber.parts?.();
    } catch (thrown) {
      reportFailure(subscriber, [], thrown);
    }
    if (parts === undefined) {
      reportFailure(subscriber, eventsOf(job), error);
      return undefined;
    }
    return inOrder(parts, part => perform(subscriber, { operation: job.operation, part }));
  };

  const deliverFrom = (first: number, route: BlockRoutes<E, Tx>['subscribers'], job: Job<E, Tx>): Step | undefined => {
    for (let i = first; i < route.length; i++) {
      const step = perform(route[i]!, job);
      if (step !== undefined) return andThen(step, () => deliverFrom(i + 1, route, job));
    }
    return undefined;
  };

  return {
    deliver: event => {
      const route = routes.of(event.type);
      return route.length === 0 ? undefined : deliverFrom(0, route, { operation: 'next', event });
    },
    flush: () =>
      inOrder(routes.subscribers, one => (one.subscriber.flush === undefined ? undefined : perform(one, FLUSH))),
    settle: () =>
      savepoint?.isOpen() === true && !operations.isStopped()
        ? settle(Promise.resolve(), toUndefined, toUndefined)
        : undefined,
    // A lost transaction cannot be undone again.
    abandon: () =>
      savepoint?.isOpen() === true
        ? savepoint.settle(Promise.reject(new Error('the block is rolled back'))).then(toUndefined, toUndefined)
        : Promise.resolve(),
  };
};

const toUndefined = (): undefined => undefined;
