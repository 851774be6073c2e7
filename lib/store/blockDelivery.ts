import { pipe } from 'fp-ts/lib/function.js';
import type { Option } from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { AnyEvent } from '../event/AnyEvent.js';
import { isWork } from '../flow/Work.js';
import type { BlockFailure, BlockOperation } from './BlockFailedError.js';
import type { BlockRoutes, NumberedSubscriber } from './blockRoutes.js';
import { inOrder, DONE, type Step } from './inOrder.js';
import type { Savepoint } from './savepoint.js';

/** What a delivery needs of the block that is open. */
export interface DeliveryContext<E extends AnyEvent, Tx> {
  readonly tx: Tx;
  readonly height: number;
  readonly routes: BlockRoutes<E, Tx>;
  /** Where a failing subscriber fails alone; absent where it fails the block. */
  readonly savepoint: Savepoint | undefined;
  /** Runs what may fail, unless the store was left. */
  readonly operation: <A>(where: BlockFailure, run: () => Promise<A>) => TE.TaskEither<Error, A>;
  /** Waits for what a subscriber returned. */
  readonly wait: (work: unknown) => Promise<unknown>;
  /** A subscriber failed for good, on these events, and goes on. */
  readonly announce: (who: NumberedSubscriber<E, Tx>, events: readonly E[], error: unknown) => void;
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

/** A piece of a subscriber's work, and whether it is one of the parts that a piece was tried again in. */
interface Piece<E> {
  readonly operation: BlockOperation;
  readonly events: readonly E[];
  readonly call: () => unknown;
  readonly isPart: boolean;
}

const NO_EVENTS: readonly never[] = [];

export const blockDelivery = <E extends AnyEvent, Tx>(context: DeliveryContext<E, Tx>): BlockDelivery<E> => {
  const { tx, height, routes, savepoint, operation, wait, announce } = context;

  const where = ({ operation, events }: Piece<E>, { who }: NumberedSubscriber<E, Tx>): BlockFailure => ({
    operation,
    height,
    subscriber: who.name,
    ...(events[0] === undefined ? {} : { event: events[0] }),
  });
  const settleWith = (work: Promise<unknown>): TE.TaskEither<Error, Option<unknown>> =>
    operation({ operation: 'savepoint', height }, () => savepoint!.settle(work));

  const perform = (subscriber: NumberedSubscriber<E, Tx>, piece: Piece<E>): Step | undefined => {
    if (savepoint?.isOpen() === false) {
      return pipe(
        operation({ operation: 'savepoint', height }, () => savepoint.open()),
        TE.chain(() => perform(subscriber, piece) ?? DONE),
      );
    }
    let result: unknown;
    try {
      result = piece.call();
    } catch (error) {
      // a `next` that throws has neither remembered nor written the event: there is nothing to try in parts
      return failed(subscriber, piece, error, piece.operation === 'flush');
    }
    if (!isWork(result)) return undefined;
    if (savepoint === undefined)
      return pipe(
        operation(where(piece, subscriber), () => wait(result)),
        TE.map(nothing),
      );
    return pipe(
      settleWith(wait(result)),
      TE.chain(error => (error._tag === 'None' ? DONE : (failed(subscriber, piece, error.value, true) ?? DONE))),
    );
  };

  const failed = (
    subscriber: NumberedSubscriber<E, Tx>,
    piece: Piece<E>,
    error: unknown,
    divisible: boolean,
  ): Step | undefined => {
    if (savepoint === undefined) return operation(where(piece, subscriber), () => Promise.reject(error as Error));
    const parts = divisible && !piece.isPart ? subscriber.subscriber.parts?.() : undefined;
    if (parts === undefined) {
      announce(subscriber, piece.events, error);
      return undefined;
    }
    return inOrder(parts, part =>
      perform(subscriber, {
        operation: piece.operation,
        events: part.events,
        call: () => part.write(tx),
        isPart: true,
      }),
    );
  };

  return {
    deliver: event =>
      inOrder(routes.of(event.type), one =>
        perform(one, {
          operation: 'next',
          events: [event],
          call: () => one.subscriber.next(event, tx),
          isPart: false,
        }),
      ),
    flush: () =>
      inOrder(routes.subscribers, one => {
        if (one.subscriber.flush === undefined) return undefined;
        return perform(one, {
          operation: 'flush',
          events: NO_EVENTS,
          call: () => one.subscriber.flush?.(tx),
          isPart: false,
        });
      }),
    settle: () => (savepoint?.isOpen() === true ? pipe(settleWith(Promise.resolve()), TE.map(nothing)) : undefined),
    // a transaction that is lost already cannot be given up again
    abandon: () =>
      savepoint?.isOpen() === true
        ? savepoint.settle(Promise.reject(new Error('the block is given up'))).then(nothing, nothing)
        : Promise.resolve(),
  };
};

const nothing = (): void => undefined;
