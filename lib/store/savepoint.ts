import { left, right, type Either } from '../event/Either.js';
import type { BlockStore } from './BlockStore.js';

/**
 * A savepoint that is opened before it is known whether it is needed. It covers any number of deliveries that do not
 * write, and the first one that does.
 *
 * ```text
 *   open ──── next  next  next  next ────► settle(work): kept, or undone and the error returned
 *              └ synchronous ┘   └ returned work
 * ```
 * So a block of a thousand rows that are only collected costs one savepoint.
 */
export interface Savepoint {
  readonly isOpen: () => boolean;
  /** Opens the savepoint. Rejects if the store cannot create one. */
  readonly open: () => Promise<void>;
  /** `Right` if the work was kept, `Left` with its error if it was undone. Rejects if the transaction is lost. */
  readonly settle: (work: Promise<unknown>) => Promise<Either<unknown, undefined>>;
}

interface Attempt {
  readonly ended: Promise<void>;
  readonly keep: () => void;
  readonly undo: (error: unknown) => void;
}

export const savepoint = <Tx>(store: BlockStore<Tx>, tx: Tx): Savepoint => {
  let open: Attempt | undefined;
  return {
    isOpen: () => open !== undefined,
    open: () =>
      new Promise<void>((made, refused) => {
        const ended = store.attempt(
          tx,
          () =>
            new Promise<void>((keep, undo) => {
              // After the assignment of `ended`, even if the store calls this synchronously.
              void Promise.resolve().then(() => {
                open = { ended, keep, undo };
                made();
              });
            }),
        );
        // No-ops once the savepoint is open. Without them, a store that never calls the work would block the writer.
        ended.then(() => {
          refused(new Error('the store ended an attempt without calling its work'));
        }, refused);
      }),
    settle: async work => {
      const attempt = open;
      open = undefined;
      let outcome: Either<unknown, undefined> = right(undefined);
      try {
        await work;
        attempt?.keep();
      } catch (error) {
        outcome = left(error);
        attempt?.undo(error);
      }
      try {
        await attempt?.ended;
      } catch (error) {
        if (outcome._tag === 'Right' || outcome.left !== error) throw error;
      }
      return outcome;
    },
  };
};
