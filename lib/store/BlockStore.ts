import type { BlockProgress, StoredBlock } from './blocks.js';

/**
 * Where blocks are kept, one transaction per block. Implement it to use another database; `storeContract` of the entry
 * `testing` tests your implementation, and `memoryBlockStore` is the reference.
 *
 * `storeBlocks` calls one method at a time and waits for it. A rejection fails the block, and its reason is the `cause`
 * of the error.
 *
 * ```text
 *  progress ── begin ── add ──┬─ (subscribers write into Tx, under `attempt` or not) ──┬── commit ── refreshViews
 *                             └──────────────────────────┬──────────────────────────────┘
 *                                                     rollback
 * ```
 *
 * @see node_modules/rx-event-broker/docs/store.md
 */
export interface BlockStore<Tx> {
  /**
   * The resource that only one subscription at a time may use, such as a connection. A second subscription waits, even if
   * it uses another store on the same resource. Default: the store itself.
   */
  readonly resource?: object;
  /**
   * The progress of the last committed block; `undefined` if there is none. Called once per subscription, before all
   * other methods.
   */
  progress(): Promise<BlockProgress | undefined>;
  /** Opens a transaction. What is written in it is visible to others only after `commit`. */
  begin(): Promise<Tx>;
  /**
   * Stores the block and the progress in the transaction. The two blocks at the first height may share a row. Rejects
   * if the block is not the next one, which means that another writer uses the store.
   */
  add(tx: Tx, block: StoredBlock): Promise<void>;
  /**
   * Runs `work` under a savepoint, and undoes what it wrote if it fails.
   *
   * Rejects with the error of `work` if its writes were undone. Rejects with another error if they could not be undone:
   * the transaction is then lost.
   */
  attempt(tx: Tx, work: () => Promise<void>): Promise<void>;
  /**
   * Whether a subscriber's work failed because of its data, such as a row that breaks a constraint. Under `onFailure:
   * 'continue'` such a failure is reported and skipped (promise S12); any other (a full disk, a lock timeout, a lost
   * connection) fails the block, since the same rows may be stored at the next attempt.
   *
   * Default: every failure of a subscriber is skipped.
   */
  isBadRow?(error: unknown): boolean;
  /**
   * Commits the transaction. Resolves only if everything is durable. After a rejection `rollback` is called.
   *
   * `received` is the number of values that this subscription has received from its source, up to the end of the block.
   * The commit settles all of them. A store that keeps the position of the source asks for the position at this number.
   */
  commit(tx: Tx, received: number): Promise<void>;
  /** Undoes everything since `begin`. */
  rollback(tx: Tx): Promise<void>;
  /** Refreshes what is computed from the rows. Called after the commit of a block with an epoch update. */
  refreshViews(): Promise<void>;
}
