/** The position of an event in its chain. */
export interface Position {
  /** The height of its block. */
  readonly blockNr: number;
  /** The number of the event in its block, from 1. */
  readonly sequence: number;
}
