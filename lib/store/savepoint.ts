import { none, some, type Option } from 'fp-ts/lib/Option.js';
import type { BlockStore } from './BlockStore.js';

/**
 * A savepoint that is made before it is known whether it is needed: it covers any number of deliveries that do nothing
 * to the database, and the first that does.
 *
 * ```text
 *   open ──── next  next  next  next ────► settle(work): kept, or undone and the error given back
 *              └ synchronous ┘   └ returned work
 * ```
 * So a block of a thousand rows that are only collected costs one savepoint.
 */
export interface Savepoint {
  readonly isOpen: () => boolean;
  /** Rejects where the store cannot make one. */
  readonly open: () => Promise<void>;
  /** Ends it: `none` where the work is kept, its error where it was undone. Rejects where the transaction is lost. */
  readonly settle: (work: Promise<unknown>) => Promise<Option<unknown>>;
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
              // after the assignment of `ended`, even where the store calls at once
              void Promise.resolve().then(() => {
                open = { ended, keep, undo };
                made();
              });
            }),
        );
        // no-ops once it is made; a store that ends it without having asked for the work would keep everybody waiting
        ended.then(() => {
          refused(new Error('the store ended an attempt before its work'));
        }, refused);
      }),
    settle: async work => {
      const attempt = open;
      open = undefined;
      let outcome: Option<unknown> = none;
      try {
        await work;
        attempt?.keep();
      } catch (error) {
        outcome = some(error);
        attempt?.undo(error);
      }
      try {
        await attempt?.ended;
      } catch (error) {
        if (outcome._tag === 'None' || outcome.value !== error) throw error;
      }
      return outcome;
    },
  };
};
