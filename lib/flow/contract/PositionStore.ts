import type { Signal } from './Signal.js';

/**
 * Stores the position of a source: how far it has been processed. After a restart the source continues there.
 *
 * A store is written to in one of two ways. With `write`, the source stores a position whenever values are settled (at least
 * once). With `follow`, the store asks for the position inside its own transaction, and commits it together with the
 * results of the values (exactly once). A source uses `follow` if the store has it.
 *
 * @see node_modules/rx-event-broker/docs/settling.md
 */
export interface PositionStore {
  /**
   * Resolves to the last stored position; `undefined` if there is none. Called each time the source is opened. Rejects with
   * the error of the store. A store that waits for its server gives up when `signal` is aborted, and rejects with the
   * reason of the signal.
   */
  read(signal?: Signal): Promise<string | undefined>;
  /**
   * Stores a position of at most 4 KiB. Resolves when it is durable; not called again before that. `signal` works as in
   * `read`.
   */
  write?(position: string, signal?: Signal): Promise<void>;
  /**
   * From now on, the store calls `positionAt` before each commit. `received` is how many values of the source the commit
   * settles, counted from the first, as in `Settlement.received`. `positionAt` returns the position after those values, or
   * `undefined` to keep the stored one. It must return immediately; an error that it throws fails the commit. A commit may
   * also settle values that were part of no block. So `positionAt` must know the position of every value that was received
   * and is not committed yet.
   *
   * Returns a function that stops this. A second `follow` replaces the first one.
   */
  follow?(positionAt: (received: number) => string | undefined): () => void;
}
