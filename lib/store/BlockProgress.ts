/** How far a store is; committed in the transaction of each block (promise S1). */
export interface BlockProgress {
  readonly firstHeight: number;
  /** The height of the last block. */
  readonly height: number;
  /** The hashes, in lower case, of all blocks at the first height: it may come twice. */
  readonly hashes: readonly string[];
}
