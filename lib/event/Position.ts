/** Where an event stands in its chain: the block's height, and the number of the event in the block, from 1. */
export interface Position {
  readonly blockNr: number;
  readonly sequence: number;
}
