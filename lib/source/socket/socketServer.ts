import type { NextObserver, Observable } from 'rxjs';
import { checkOptions, needed, observer, port as aPort } from '../../flow/options.js';
import { notifier, writeError } from '../../flow/reporter.js';
import { awaitRelease } from './awaitRelease.js';
import { listen } from './listen.js';
import { serve, serveChecks, type ServeOptions } from './serve.js';
import { host as aHost } from './socketChecks.js';

export interface SocketServerOptions extends ServeOptions {
  /** 0: the system picks a free one, which `listening` is told. */
  readonly port: number;
  /** Default `127.0.0.1`: this machine alone (promise N7). */
  readonly host?: string;
  /** Told the address, each time it listens. */
  readonly listening?: NextObserver<{ readonly host: string; readonly port: number }>;
}

/**
 * Listens for one peer at a time and emits its messages: scalability-protocol pair version 0 over TCP, as nng, nanomsg
 * and mangos speak it (promises N1–N3, N5–N7).
 *
 *     peer A     --a-b-|             killed: the next may come
 *     peer B     ----x--------c--    the first time refused: one at a time
 *     server     --a-b--------c--
 *
 * Never completes. Whatever a peer does wrong ends its connection, with a `PeerRejected` notice, and nothing else. Errors
 * with `ListenError` (no such port for us), `ReceiveTimeoutError`, `SendBufferFullError`, `MessageTypeError`, `MessageTooLargeError` and the
 * errors of `replies$` and `pause$`. Throws `OptionError`.
 *
 * Messages come in the order of the peer. What was on its way when a connection was lost is lost: pair has no
 * acknowledgement. A message is a view of the bytes read (64 kB at most, or its own): copy what you keep long. A second subscription
 * waits until the port is free again (promise L1), which a `Released` notice tells.
 */
export const socketServer = (options: SocketServerOptions): Observable<Uint8Array> => {
  checkOptions('socketServer', options, { ...serveChecks, port: needed(aPort), host: aHost, listening: observer });
  const { port, host = '127.0.0.1', listening } = options;
  const notify = notifier(options.notices);
  const served = serve(options, notify);
  let where = `${host}:${port}`;

  return awaitRelease((subscriber, released) => {
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
            listening?.next({ host: address, port: bound });
          } catch (error) {
            writeError(`an observer of listening threw at ${where}`, error);
          }
        },
        failed: error => notify({ type: 'PeerRejected', peer: 'a connection that could not be taken', error }),
      },
    );
    subscriber.add(served(accepted$, () => where).subscribe(subscriber));
    return () =>
      void closed.then(() => {
        notify({ type: 'Released', what: where });
        released();
      });
  });
};
