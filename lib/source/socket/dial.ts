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
   * What is sent. Subscribed once, not once per connection; paused while there is no connection and while the write
   * buffer is full. When it completes and everything is sent, the client completes as soon as the peer closes. Default:
   * nothing, and the client stays open.
   */
  readonly messages$?: Source<Uint8Array>;
  /** Milliseconds to wait after an attempt that failed and after a lost connection. Default 5000. */
  readonly dialRetryInterval?: number;
  /** Milliseconds without a connection after which it errors with `DialTimeoutError`. Default 96 hours. */
  readonly dialTimeout?: number;
}

export const dialChecks = {
  ...socketChecks,
  messages$: aSource,
  dialRetryInterval: milliseconds,
  dialTimeout: milliseconds,
};

/** The end of a pair that dials, and dials again after a failure (promise N4). Emits what the peer sends. */
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
