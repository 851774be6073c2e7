/**
 * What `storeBlocks` needs to know about an event. Your `blockMark` function returns it, so any protocol can be stored.
 *
 * - `begin`, `end`: the first and the last event of a block. A `begin` carries the block's `time`.
 * - `epoch`: the materialised views are refreshed after the block with this event (promise S3).
 * - `snapshot`: the core took a snapshot. `upgradeSnapshot`: it took one for a protocol upgrade (promise S5).
 * - `upgradeStarted`: the core has stopped for a protocol upgrade (promise S6). Its height is that of the last block.
 * - `other`: any other event of a block.
 *
 * @see node_modules/rx-event-broker/docs/store.md
 */
export interface BlockMark {
  /** What the event means for its block. */
  readonly kind: 'begin' | 'end' | 'epoch' | 'snapshot' | 'upgradeSnapshot' | 'upgradeStarted' | 'other';
  /** The chain that the event belongs to. */
  readonly chainId: string;
  /** The height of the block, a whole number from 0. */
  readonly height: number;
  /** The hash of the block; compared in lower case. */
  readonly hash: string;
  /** The time of the block in Unix ns, for a `begin`. It is truncated to the microsecond. */
  readonly time?: bigint;
}

/** The row of a block in a store. */
export interface StoredBlock {
  /** The height of the block. */
  readonly height: number;
  /** The hash of the block, in lower case. */
  readonly hash: string;
  /** The time of the block in Unix ns, truncated to the microsecond. */
  readonly time: bigint;
}

/**
 * A block that is stored: emitted after its commit, at most once (promise S3: after a crash, compare with the store).
 */
export interface CommittedBlock {
  /** The chain that the block belongs to. */
  readonly chainId: string;
  /** The height of the block. */
  readonly height: number;
  /** The hash of the block, in lower case. */
  readonly hash: string;
  /** The time of the block in Unix ns, truncated to the microsecond. */
  readonly time: bigint;
  /**
   * Whether the core took a snapshot in this block, or directly after the one before, other than for a protocol upgrade
   * (promise S5).
   */
  readonly snapshotTaken: boolean;
}

/**
 * How far a store has got. It is committed in the transaction of each block, so a restart resumes exactly (promise S1).
 */
export interface BlockProgress {
  /** The height of the first block that was stored. */
  readonly firstHeight: number;
  /** The height of the last block that was stored. */
  readonly height: number;
  /** The hashes, in lower case, of all blocks at the first height: there may be two of them. */
  readonly hashes: readonly string[];
}
