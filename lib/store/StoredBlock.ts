/** The row of a block in a store. */
export interface StoredBlock {
  readonly height: number;
  /** In lower case. */
  readonly hash: string;
  /** Unix time in ns, cut to the microsecond. */
  readonly time: bigint;
}
