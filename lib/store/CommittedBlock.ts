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
