/** The row of a block in a store. */
export interface StoredBlock {
  /** The height of the block. */
  readonly height: number;
  /** The hash of the block, in lower case. */
  readonly hash: string;
  /** The time of the block in Unix ns, truncated to the microsecond. */
  readonly time: bigint;
}
