import type { NextObserver, Observable } from 'rxjs';
import { catchRejection } from '../../flow/catchRejection.js';
import { checkOptions, needed, observer, port as aPort } from '../../flow/contract/options.js';
import { leased } from '../../flow/lease.js';
import { notifier, writeError } from '../../flow/reporter.js';
import { listen } from './listen.js';
import { serve, serveChecks, type ServeOptions } from './serve.js';
import { host as aHost } from './SocketOptions.js';

/**
 * Options of `socketServer`.
 * @see node_modules/rx-event-broker/docs/sources/socket.md
 */
export interface SocketServerOptions extends ServeOptions {
  /** The port, 0 to 65,535. With 0 the system picks a free port, and `listening` receives it. */
  readonly port: number;
  /** The address to listen on. Default `127.0.0.1`: only this machine can connect (promise N7). */
  readonly host?: string;
  /** Receives the address each time the server begins to listen. Default: none. */
  readonly listening?: NextObserver<{
    /** The IP address. */
    readonly host: string;
    /** The port, never 0. */
    readonly port: number;
  }>;
}

/**
 * Listens for one peer at a time and emits its messages. The protocol is scalability-protocol pair, version 0, over TCP,
 * as in nng, nanomsg and mangos (promises N1–N3, N5–N7).
 *
 *     peer A     --a-b-|             killed: the next may connect
 *     peer B     ----x--------c--    rejected at first: one at a time
 *     server     --a-b--------c--
 *
 * Never completes. A peer that breaks the protocol is disconnected, with a `PeerRejected` notice, and the server goes
 * on. Errors with `ListenError`, `ReceiveTimeoutError`, `SendBufferFullError`, `MessageTypeError`,
 * `MessageTooLargeError` and the errors of `replies$` and `pause$`. Throws `OptionError`.
 *
 * Messages are emitted in the order in which the peer sent them. If a connection is lost, its messages in flight are
 * lost: the pair protocol has no acknowledgements. A message is a view of the bytes read: copy what you keep. A second
 * subscription waits until the port is free (promise L1). A `Released` notice reports that.
 *
 * @example
 * ```ts
 * broker
 *   .receive(pause$ =>
 *     socketServer({ port: 3005, pause$ }).pipe(deserialize(vegaDecoder)),
 *   )
 *   .subscribe();
 * ```
 * @see node_modules/rx-event-broker/docs/sources/socket.md
 */
export const socketServer = (options: SocketServerOptions): Observable<Uint8Array> => {
  checkOptions('socketServer', options, { ...serveChecks, port: needed(aPort), host: aHost, listening: observer });
  const { port, host = '127.0.0.1', listening } = options;
  const notify = notifier(options.notices);
  const served = serve(options, notify);
  let where = `${host}:${port}`;

  return leased({}, (subscriber, end) => {
    let closed = Promise.resolve();
    const accepted$ = listen(
      { host, port },
      {
        opening: closing => {
          closed = closing;
        },
        listening: ({ address, port: bound }) => {
          where = `${address}:${bound}`;
          notify({ type: 'Waiting', what: `${where}: waits for a peer` });
          try {
            const returned: unknown = listening?.next({ host: address, port: bound });
            catchRejection(returned, error => writeError(`an observer of listening rejected at ${where}`, error));
          } catch (error) {
            writeError(`an observer of listening threw at ${where}`, error);
          }
        },
        failed: error => notify({ type: 'PeerRejected', peer: 'a connection that could not be accepted', error }),
      },
    );
    subscriber.add(served(accepted$, () => where).subscribe(subscriber));
    return () =>
      void closed.then(() => {
        notify({ type: 'Released', what: where });
        end();
      });
  });
};
