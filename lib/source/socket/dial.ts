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
import { milliseconds } from '../../flow/options.js';
import type { Notify } from '../../flow/reporter.js';
import type { Source } from '../../flow/Source.js';
import { DialTimeoutError } from './DialTimeoutError.js';
import { greet } from './greet.js';
import { outbox } from './outbox.js';
import { owned } from './owned.js';
import { pauseLevel } from './pauseLevel.js';
import { PeerLostError } from './PeerLostError.js';
import { receive } from './receive.js';
import { aSource, MAX_MESSAGE_BYTES, socketChecks } from './socketChecks.js';
import type { SocketOptions } from './SocketOptions.js';
import type { Wire } from './Wire.js';

export interface DialOptions extends SocketOptions {
  /**
   * What is sent. Subscribed once, not once a connection, and paused while nobody is connected and while the write
   * buffer is full. When it completes and everything is sent, so does the client, as soon as the peer has closed in its
   * turn. Default: nothing, for ever.
   */
  readonly messages$?: Source<Uint8Array>;
  /** In ms, default 5000: waited after an attempt that failed, and after a connection that was lost. */
  readonly dialRetryInterval?: number;
  /** In ms, default 96 hours: where no connection came about for so long, that is a `DialTimeoutError`. */
  readonly dialTimeout?: number;
}

export const dialChecks = {
  ...socketChecks,
  messages$: aSource,
  dialRetryInterval: milliseconds,
  dialTimeout: milliseconds,
};

/** One end of a pair, the one that dials, again and again (promise N4): emits what the peer sends. */
export const dial = (
  options: DialOptions,
  notify: Notify,
): ((open: () => Wire, where: string) => Observable<Uint8Array>) => {
  const { messages$ = NEVER, pause$, dialRetryInterval = 5000, dialTimeout = 96 * 3_600_000 } = options;
  const { scheduler = asyncScheduler, maxMessageBytes = MAX_MESSAGE_BYTES } = options;

  return (open, where) =>
    new Observable<Uint8Array>(subscriber => {
      const next = (message: Uint8Array) => subscriber.next(message);
      const { paused$, following$ } = pauseLevel(pause$);
      const sent = outbox(messages$, maxMessageBytes);
      let since: number | undefined; // nobody is connected

      const converse = (wire: Wire): Observable<never> =>
        merge(
          concat(
            receive(wire, { maxMessageBytes, paused$, next }),
            defer(() =>
              sent.done ? EMPTY : throwError(() => new PeerLostError(wire.peer, { partial: 0, unsent: 0 })),
            ),
          ),
          concat(
            sent.to(wire),
            defer(() => {
              wire.stream.end();
              return EMPTY;
            }),
          ),
        );
      const attempt$ = defer(() => {
        since ??= elapsed(scheduler);
        return owned(open(), wire =>
          greet(wire, scheduler).pipe(
            mergeMap(() => {
              since = undefined;
              return converse(wire);
            }),
          ),
        );
      });
      const again = (error: Error): Observable<unknown> => {
        since ??= elapsed(scheduler);
        const left = dialTimeout - (elapsed(scheduler) - since);
        notify({ type: 'PeerRejected', peer: where, error });
        return left >= dialRetryInterval
          ? timerAfter(scheduler, dialRetryInterval)
          : throwError(() => new DialTimeoutError(where, dialTimeout, error));
      };
      return merge(sent.pump$, attempt$.pipe(retry({ delay: again })))
        .pipe(takeUntil(following$))
        .subscribe(subscriber);
    });
};
