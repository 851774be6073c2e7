import type { Duplex } from 'node:stream';

/** A connection, as the code of both ends sees it: TCP, or in memory. */
export interface Wire {
  /** Who is at the other end, for notices and errors. */
  readonly peer: string;
  readonly stream: Duplex;
}
