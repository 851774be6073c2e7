import { connect } from 'node:net';
import type { Observable } from 'rxjs';
import { checkOptions, count, needed } from '../../flow/options.js';
import { notifier } from '../../flow/reporter.js';
import { awaitRelease } from './awaitRelease.js';
import { dial, dialChecks, type DialOptions } from './dial.js';
import { host as aHost } from './socketChecks.js';
import { streamOptions } from './streamOptions.js';
import { tcpWire } from './tcpWire.js';

export interface SocketClientOptions extends DialOptions {
  readonly host: string;
  readonly port: number;
}

/**
 * Dials a peer, sends `messages$` and emits what the peer sends: scalability-protocol pair version 0 over TCP
 * (promises N4–N6). Two-way: keep `messages$` open (`concatWith(NEVER)`) to wait for an answer.
 *
 *     messages$   --a-b-c-----|
 *     answers     ---------x----|    completes when the peer has read everything and closes
 *
 * A connection that fails, is refused or lost is dialled again, with a `PeerRejected` notice. What was on its way when it
 * was lost is lost: pair has no acknowledgement. Errors with `DialTimeoutError`, `SendBufferFullError` (a `messages$` that
 * cannot be paused), `MessageTypeError`, `MessageTooLargeError` and the errors of `messages$` and `pause$`. Throws `OptionError`.
 *
 * A message given to be sent must not be changed afterwards: it is not copied. A second subscription waits until the
 * connection of the first is closed (promise L1), which a `Released` notice tells.
 */
export const socketClient = (options: SocketClientOptions): Observable<Uint8Array> => {
  checkOptions('socketClient', options, { ...dialChecks, host: needed(aHost), port: needed(count(1, 65_535)) });
  const { host, port } = options;
  const notify = notifier(options.notices);
  const dialled = dial(options, notify);
  const where = `${host}:${port}`;

  return awaitRelease((subscriber, released) => {
    let closed = Promise.resolve();
    const open = () => {
      const stream = connect({ host, port, allowHalfOpen: true, ...streamOptions });
      closed = new Promise(resolve => stream.once('close', () => resolve()));
      return tcpWire(stream, where);
    };
    subscriber.add(dialled(open, where).subscribe(subscriber));
    return () =>
      void closed.then(() => {
        notify({ type: 'Released', what: where });
        released();
      });
  });
};
