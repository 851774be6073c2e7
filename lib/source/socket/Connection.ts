import type { Duplex } from 'node:stream';
import { tap, using, type Observable } from 'rxjs';

/** A connection, as the code of both ends sees it: TCP, or in memory. */
export interface Connection {
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

/**
 * Of every TCP stream: no waiting for more bytes before a packet leaves; probes, so that a peer whose machine is gone is
 * lost after half a minute; 64 kB buffers in the process each way. Half open, so that what the other side still has to
 * say after its last request is heard.
 */
export const streamOptions = {
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: 15_000,
  highWaterMark: 65_536,
} as const;

/**
 * What `use` makes of a connection; the connection is closed when that ends, or is unsubscribed. Where it ends with an
 * error the connection is reset: so the peer knows that what it has sent may not have been taken.
 */
export const withConnection = <T>(
  connection: Connection,
  use: (connection: Connection) => Observable<T>,
): Observable<T> =>
  using(
    () => {
      connection.stream.on('error', () => {}); // told where it matters; without a listener it would end the process
      return { unsubscribe: () => connection.stream.destroy() };
    },
    () => use(connection).pipe(tap({ error: () => connection.reset() })),
  );
