import { none, type Option } from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { AnyEvent } from '../event/AnyEvent.js';
import { isWork } from '../flow/mailbox/Work.js';
import type { BlockFailure } from './errors.js';
import type { BlockPart } from './BlockSubscriber.js';
import type { BlockRoutes, NumberedSubscriber } from './blockRoutes.js';
import { andThen, inOrder, type Step } from './inOrder.js';
import type { Operations } from './blockOperations.js';
import type { Savepoint } from './savepoint.js';

/** What a delivery needs of the block that is open. */
export interface DeliveryContext<E extends AnyEvent, Tx> {
  readonly tx: Tx;
  readonly height: number;
  readonly routes: BlockRoutes<E, Tx>;
  /** Where a failing subscriber fails alone; absent where it fails the block. */
  readonly savepoint: Savepoint | undefined;
  readonly operations: Operations<E>;
  /** Waits for what a subscriber returned. Never throws. */
  readonly wait: (work: unknown) => Promise<unknown>;
  /** Whether work failed because of its data alone. */
  readonly isBadRow: (error: unknown) => boolean;
  /** A subscriber failed for good, on these events, and goes on. */
  readonly reportFailure: (who: NumberedSubscriber<E, Tx>, events: readonly E[], error: unknown) => void;
}

/** What subscribers do in an open block (promises S2, S3 and S7). */
export interface BlockDelivery<E> {
  /** `undefined` where every subscriber was done at once. */
  readonly deliver: (event: E) => Step | undefined;
  readonly flush: () => Step | undefined;
  /** Ends the savepoint that is open; what is in it is kept. */
  readonly settle: () => Step | undefined;
  /** Ends the savepoint that is open; the block is given up. */
  readonly abandon: () => Promise<void>;
}

/** A call of a subscriber: an event, a flush, or one of the parts that such a call was tried again in. */
interface Job<E, Tx> {
  readonly operation: 'next' | 'flush';
  readonly event?: E;
  readonly part?: BlockPart<E, Tx>;
}

const FLUSH = { operation: 'flush' } as const;

export const blockDelivery = <E extends AnyEvent, Tx>(context: DeliveryContext<E, Tx>): BlockDelivery<E> => {
  const { tx, height, routes, savepoint, operations, wait, isBadRow, reportFailure } = context;

  // no closure and no array an event: most events are done at once
  const call = ({ subscriber }: NumberedSubscriber<E, Tx>, { operation: what, event, part }: Job<E, Tx>): unknown => {
    if (part !== undefined) return part.write(tx);
    return what === 'next' ? subscriber.next(event!, tx) : subscriber.flush?.(tx);
  };
  const eventsOf = ({ event, part }: Job<E, Tx>): readonly E[] => part?.events ?? (event === undefined ? [] : [event]);

  const where = (job: Job<E, Tx>, { who }: NumberedSubscriber<E, Tx>): BlockFailure => {
    const [event] = eventsOf(job);
    return { operation: job.operation, height, subscriber: who.name, ...(event === undefined ? {} : { event }) };
  };
  /** Waits for what has begun, also where the store is left meanwhile: the rollback comes after it. */
  const begun =
    (where: BlockFailure, run: () => Promise<unknown>): Step =>
    () =>
      TE.tryCatch(
        () => run().then(toUndefined),
        cause => operations.failure(where, cause),
      )();

  /**
   * Ends the savepoint that is open, with `work`, or with what is to be done where that failed and was undone. Where it
   * could not be undone the block fails with the reason of that, and `lost` is told what the work failed with.
   */
  const settle = (
    work: Promise<unknown>,
    undone: (error: unknown) => Step | undefined,
    lost: (error: unknown) => void,
  ): Step | undefined => {
    let outcome: Option<unknown> = none;
    const settled = begun({ operation: 'savepoint', height }, async () => {
      try {
        outcome = await savepoint!.settle(work);
      } catch (error) {
        await work.catch(lost);
        throw error;
      }
    });
    return andThen(settled, () => (outcome._tag === 'Some' ? undone(outcome.value) : undefined));
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
      error => {
        reportFailure(subscriber, eventsOf(job), error);
      },
    );
  };

  const failed = (
    subscriber: NumberedSubscriber<E, Tx>,
    job: Job<E, Tx>,
    error: unknown,
    threw: boolean,
  ): Step | undefined => {
    // a `next` that throws has neither remembered nor written the event: there is nothing to try in parts
    const alone = threw && job.operation === 'next' && job.part === undefined;
    if (operations.isStopped() || savepoint === undefined || !(alone || isBadRow(error)))
      return TE.left(operations.failure(where(job, subscriber), error));
    let parts: readonly BlockPart<E, Tx>[] | undefined;
    try {
      parts = alone || job.part !== undefined ? undefined : subscriber.subscriber.parts?.();
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
    // a transaction that is lost already cannot be given up again
    abandon: () =>
      savepoint?.isOpen() === true
        ? savepoint.settle(Promise.reject(new Error('the block is given up'))).then(toUndefined, toUndefined)
        : Promise.resolve(),
  };
};

const toUndefined = (): undefined => undefined;
