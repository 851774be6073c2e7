import { connect } from 'node:net';
import type { Observable } from 'rxjs';
import { checkOptions, count, needed } from '../../flow/contract/options.js';
import { leased } from '../../flow/lease.js';
import { notifier } from '../../flow/reporter.js';
import { dial, dialChecks, type DialOptions } from './dial.js';
import { host as aHost } from './SocketOptions.js';
import { streamOptions } from './Connection.js';
import { tcpConnection } from './tcpConnection.js';

/**
 * Options of `socketClient`.
 * @see node_modules/rx-event-broker/docs/sources/socket.md
 */
export interface SocketClientOptions extends DialOptions {
  /** The address of the server: a name or an IP address. */
  readonly host: string;
  /** The port of the server, 1 to 65,535. */
  readonly port: number;
}

/**
 * Connects to a server, sends `messages$` and emits what the server sends. The protocol is scalability-protocol pair,
 * version 0, over TCP (promises N4–N6). To wait for an answer, keep `messages$` open (`concatWith(NEVER)`).
 *
 *     messages$   --a-b-c-----|
 *     answers     ---------x----|    completes when the server has read everything and closes
 *
 * If a connection fails, is refused or is lost, the client emits a `PeerRejected` notice and dials again. Messages in
 * flight are then lost: the pair protocol has no acknowledgements. Errors with `DialTimeoutError`, `SendBufferFullError`
 * (if `messages$` cannot be paused), `MessageTypeError`, `MessageTooLargeError` and the errors of `messages$` and
 * `pause$`. Throws `OptionError`.
 *
 * Messages are not copied: do not change one after it was emitted. A second subscription waits until the first one's
 * connection is closed (promise L1). A `Released` notice reports that.
 *
 * @example
 * ```ts
 * socketClient({
 *   host: '127.0.0.1',
 *   port: 3005,
 *   messages$: bufferFiles({ directory: 'events' }),
 * }).subscribe();
 * ```
 * @see node_modules/rx-event-broker/docs/sources/socket.md
 */
export const socketClient = (options: SocketClientOptions): Observable<Uint8Array> => {
  checkOptions('socketClient', options, { ...dialChecks, host: needed(aHost), port: needed(count(1, 65_535)) });
  const { host, port } = options;
  const notify = notifier(options.notices);
  const dialled = dial(options, notify);
  const where = `${host}:${port}`;

  return leased({}, (subscriber, end) => {
    let closed = Promise.resolve();
    const open = () => {
      const stream = connect({ host, port, allowHalfOpen: true, ...streamOptions });
      closed = new Promise(resolve => stream.once('close', () => resolve()));
      return tcpConnection(stream, where);
    };
    subscriber.add(dialled(open, where).subscribe(subscriber));
    return () =>
      void closed.then(() => {
        notify({ type: 'Released', what: where });
        end();
      });
  });
};
