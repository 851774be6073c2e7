import type { Signal } from './Signal.js';

/**
 * Where a source keeps its own position: how far it has been processed, so that it continues there after a restart.
 *
 * A store has one of two ways to be written to. With `write`, the source stores a position whenever values are settled
 * (at least once). With `follow`, the store asks for the position inside a transaction of its own, so that it is
 * committed together with what was made of the values (exactly once). A source uses `follow` if it is there.
 *
 * @see node_modules/rx-event-broker/docs/settling.md
 */
export interface PositionStore {
  /**
   * The last position that was stored; `undefined` if there is none. Call it each time the source is opened. Rejects
   * with the error of the store. A store that waits for its server gives up when `signal` is aborted, and rejects with
   * its reason.
   */
  read(signal?: Signal): Promise<string | undefined>;
  /**
   * Stores a position, at most 4 KiB. Resolves when it is durable. Call it again only after that. `signal` is used as
   * `read` uses it.
   */
  write?(position: string, signal?: Signal): Promise<void>;
  /**
   * From now on, the store calls `positionAt` before each commit, with the number of values of the source that the
   * commit settles, counted as `Settlement.received` counts them. `positionAt` returns the position after those values,
   * or `undefined` to leave the stored one as it is. It must return immediately and not throw; what it throws fails the
   * commit. A later commit may settle values that were not part of any block: `positionAt` must know all values that
   * were received and not committed yet.
   *
   * Returns a function that ends this. A second `follow` replaces the first one.
   */
  follow?(positionAt: (received: number) => string | undefined): () => void;
}
