import type { Duplex } from 'node:stream';
import { tap, using, type Observable } from 'rxjs';

/** A connection over TCP or in memory. The server and the client both use it. */
export interface Connection {
  /** The address of the other end, for notices and errors. */
  readonly peer: string;
  /** The machine of the peer. Connections without a greeting are limited per machine. */
  readonly host: string;
  readonly stream: Duplex;
  /** Ends the connection as failed: the other end gets an error, not an end of stream. */
  readonly reset: () => void;
  /** Whether sent bytes have stayed unacknowledged for a while. */
  readonly isUnanswered: () => Promise<boolean>;
}

/**
 * The options of every TCP stream. Nagle's algorithm is off. Keepalive probes detect within half a minute that the
 * peer's machine is gone. Each direction has a buffer of 64 kB in the process.
 */
export const streamOptions = {
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: 15_000,
  highWaterMark: 65_536,
} as const;

/**
 * Uses a connection, and closes it when `use` ends or is unsubscribed. If `use` errors, the connection is reset, so the
 * peer knows that the messages it sent may not have been received.
 */
export const withConnection = <T>(
  connection: Connection,
  use: (connection: Connection) => Observable<T>,
): Observable<T> =>
  using(
    () => {
      connection.stream.on('error', () => {}); // reported elsewhere; without a listener it would end the process
      return { unsubscribe: () => connection.stream.destroy() };
    },
    () => use(connection).pipe(tap({ error: () => connection.reset() })),
  );
