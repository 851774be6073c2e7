/** A block that is stored: emitted after its commit, at most once (promise S3). */
export interface CommittedBlock {
  readonly chainId: string;
  readonly height: number;
  /** In lower case. */
  readonly hash: string;
  /** Unix time in ns, cut to the microsecond. */
  readonly time: bigint;
  /** The core took a snapshot in this block, or after the one before, and not for a protocol upgrade (promise S5). */
  readonly snapshotTaken: boolean;
}
