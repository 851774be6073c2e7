/**
 * How far a store has got. It is committed in the transaction of each block (promise S1: so a restart resumes exactly).
 */
export interface BlockProgress {
  /** The height of the first block that was stored. */
  readonly firstHeight: number;
  /** The height of the last block that was stored. */
  readonly height: number;
  /** The hashes, in lower case, of all blocks at the first height: that block may come twice. */
  readonly hashes: readonly string[];
}
