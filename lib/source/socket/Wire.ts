import type { Duplex } from 'node:stream';

/** A connection, as the code of both ends sees it: TCP, or in memory. */
export interface Wire {
  /** Who is at the other end, for notices and errors. */
  readonly peer: string;
  /** The machine of the peer: who has many connections has them from one. */
  readonly host: string;
  readonly stream: Duplex;
  /** Ends the connection as one that failed: whoever is at the other end gets an error, not an end. */
  readonly reset: () => void;
  /** Whether the peer has acknowledged nothing for a while, though bytes were sent to it. */
  readonly isUnanswered: () => Promise<boolean>;
}
