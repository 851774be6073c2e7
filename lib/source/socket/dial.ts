import {
  asyncScheduler,
  concat,
  defer,
  EMPTY,
  merge,
  mergeMap,
  NEVER,
  Observable,
  retry,
  takeUntil,
  throwError,
} from 'rxjs';
import { elapsed, timerAfter } from '../../flow/clock.js';
import { milliseconds } from '../../flow/contract/options.js';
import type { Notify } from '../../flow/reporter.js';
import type { Source } from '../../flow/contract/Source.js';
import { DialTimeoutError, PeerLostError } from './errors.js';
import { greet } from './greeting.js';
import { outbox } from './outbox.js';
import { withConnection, type Connection } from './Connection.js';
import { pauseLevel } from './pauseLevel.js';
import { receive } from './receive.js';
import { aSource, MAX_MESSAGE_BYTES, socketChecks, type SocketOptions } from './SocketOptions.js';

/**
 * The options of a client, without the address.
 * @see node_modules/rx-event-broker/docs/sources/socket.md
 */
export interface DialOptions extends SocketOptions {
  /**
   * The messages to send. Subscribed once, not once per connection. Paused while there is no connection and while the
   * write buffer is full. After it has completed and everything is sent, the client completes when the peer closes the
   * connection. Default: nothing is sent, and the client stays open.
   */
  readonly messages$?: Source<Uint8Array>;
  /** Milliseconds to wait before dialling again, after a failed attempt or a lost connection. Default 5000. */
  readonly dialRetryInterval?: number;
  /** Milliseconds without a connection after which the client errors with `DialTimeoutError`. Default 96 hours. */
  readonly dialTimeout?: number;
}

export const dialChecks = {
  ...socketChecks,
  messages$: aSource,
  dialRetryInterval: milliseconds,
  dialTimeout: milliseconds,
};

/** The dialling end of a pair. Dials again after each failure (promise N4), and emits what the peer sends. */
export const dial = (
  options: DialOptions,
  notify: Notify,
): ((open: () => Connection, where: string) => Observable<Uint8Array>) => {
  const { messages$ = NEVER, pause$, dialRetryInterval = 5000, dialTimeout = 96 * 3_600_000 } = options;
  const { scheduler = asyncScheduler, maxMessageBytes = MAX_MESSAGE_BYTES } = options;

  return (open, where) =>
    new Observable<Uint8Array>(subscriber => {
      const next = (message: Uint8Array) => subscriber.next(message);
      const { paused$, following$ } = pauseLevel(pause$);
      const sent = outbox(messages$, maxMessageBytes);
      let since: number | undefined; // when the connection was lost; undefined while connected

      const converse = (connection: Connection): Observable<never> =>
        merge(
          concat(
            receive(connection, { maxMessageBytes, paused$, next }),
            defer(() =>
              sent.done ? EMPTY : throwError(() => new PeerLostError(connection.peer, { partial: 0, unsent: 0 })),
            ),
          ),
          concat(
            sent.to(connection),
            defer(() => {
              connection.stream.end();
              return EMPTY;
            }),
          ),
        );
      const attempt$ = defer(() => {
        since ??= elapsed(scheduler);
        return withConnection(open(), connection =>
          greet(connection, scheduler).pipe(
            mergeMap(() => {
              since = undefined;
              return converse(connection);
            }),
          ),
        );
      });
      const redial = (error: Error): Observable<unknown> => {
        since ??= elapsed(scheduler);
        const left = dialTimeout - (elapsed(scheduler) - since);
        notify({ type: 'PeerRejected', peer: where, error });
        return left >= dialRetryInterval
          ? timerAfter(scheduler, dialRetryInterval)
          : throwError(() => new DialTimeoutError(where, dialTimeout, error));
      };
      return merge(sent.pump$, attempt$.pipe(retry({ delay: redial })))
        .pipe(takeUntil(following$))
        .subscribe(subscriber);
    });
};
