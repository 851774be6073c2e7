import type { BlockProgress } from './BlockProgress.js';
import type { StoredBlock } from './StoredBlock.js';

/**
 * Where blocks are kept: one transaction a block. `memoryBlockStore` is the reference; the suite `storeContract` of the
 * entry `testing` says whether one of your own keeps the rules.
 *
 * `storeBlocks` calls one method at a time and waits for it. Rejecting is how a store says no; the reason becomes the
 * `cause` of what `storeBlocks` errors with.
 *
 * ```text
 *  progress ── begin ── add ──┬─ (subscribers write into Tx, under `attempt` or not) ──┬── commit ── refreshViews
 *                             └──────────────────────────┬──────────────────────────────┘
 *                                                     rollback
 * ```
 */
export interface BlockStore<Tx> {
  /**
   * What one subscription at a time may have, such as the connection: a second one waits, also where it has another store on it.
   * Default: the store itself.
   */
  readonly resource?: object;
  /** How far it is; `undefined` while it holds no block. Called once a subscription, before anything else. */
  progress(): Promise<BlockProgress | undefined>;
  /** Opens a transaction. What it holds is seen by nobody else until `commit`. */
  begin(): Promise<Tx>;
  /**
   * Stores the block, and the progress that it makes, in the transaction. Twins (two blocks at the first height) may
   * share a row. Rejects where the block does not come next, which means that somebody else writes to the store.
   */
  add(tx: Tx, block: StoredBlock): Promise<void>;
  /**
   * Runs `work` under a savepoint: keeps what it wrote, or undoes just that.
   *
   * Rejects with the very error of `work` where it could be undone, and with another one where it could not: then the
   * transaction is lost.
   */
  attempt(tx: Tx, work: () => Promise<void>): Promise<void>;
  /**
   * Whether a subscriber's work failed because of its data alone, such as a row that breaks a constraint. Under
   * `onFailure: 'continue'` such a failure is announced and passed over; any other one (a full disk, a lock timeout, a lost
   * connection) fails the block, for the same rows may well be stored the next time.
   *
   * Left out: every failure of a subscriber is passed over.
   */
  isBadRow?(error: unknown): boolean;
  /** Resolves only where everything is kept for good. After a rejection `rollback` is called. */
  commit(tx: Tx): Promise<void>;
  /** Gives everything up since `begin`. */
  rollback(tx: Tx): Promise<void>;
  /** Refreshes what is computed from the rows. Called after the commit of a block that had an epoch update. */
  refreshViews(): Promise<void>;
}
