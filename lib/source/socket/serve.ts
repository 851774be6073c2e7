import {
  asyncScheduler,
  catchError,
  concat,
  defer,
  EMPTY,
  finalize,
  merge,
  mergeMap,
  NEVER,
  Observable,
  Subject,
  takeUntil,
} from 'rxjs';
import type { Source } from '../../flow/Source.js';
import { greet } from './greet.js';
import { maxMessageBytesOption } from './maxMessageBytesOption.js';
import { outbox } from './outbox.js';
import { owned } from './owned.js';
import { pauseLevel } from './pauseLevel.js';
import { PeerBusyError } from './PeerBusyError.js';
import { receive } from './receive.js';
import { receiveTimeouts } from './receiveTimeouts.js';
import type { SocketOptions } from './SocketOptions.js';
import type { Wire } from './Wire.js';

export interface ServeOptions extends SocketOptions {
  /** In ms; default: none. Without a message for so long, that is one receive timeout; connected or not. */
  readonly receiveTimeout?: number;
  /** Default 3: one more of them in a row is a `ReceiveTimeoutError`. */
  readonly maxReceiveTimeouts?: number;
  /**
   * What is sent to the peer. Subscribed once, before anybody is connected; held for the peer that comes, where it is
   * not paused, as far as `maxMessageBytes`: past that, `SendBufferFullError`.
   */
  readonly replies$?: Source<Uint8Array>;
}

/** Connections that may be without a greeting at once, so that a silent one keeps nobody out. */
const MOST_UNGREETED = 8;

/**
 * One end of a pair that others dial: the messages of one peer after the other (promises N1, N2).
 *
 *     accepted ──► ungreeted (≤ 8, 10 s each) ──greeted──► the peer (one) ──gone──► waiting for the next
 *                     └── wrong, late ──► closed              └── a second: closed
 */
export const serve = (
  options: ServeOptions,
): ((accepted$: Observable<Wire>, where: () => string) => Observable<Uint8Array>) => {
  const { receiveTimeout, maxReceiveTimeouts = 3, replies$ = NEVER, pause$, notices } = options;
  const { scheduler = asyncScheduler } = options;
  const maxMessageBytes = maxMessageBytesOption(options.maxMessageBytes);

  return (accepted$, where) =>
    new Observable<Uint8Array>(subscriber => {
      const next = (message: Uint8Array) => subscriber.next(message);
      const { paused$, following$ } = pauseLevel(pause$);
      const heard$ = new Subject<void>();
      const replies = outbox(replies$, maxMessageBytes);
      let connected: string | undefined;
      let ungreeted = 0;

      const reject = (peer: string, error: unknown) => {
        notices?.next({ type: 'PeerRejected', peer, error: error as Error });
        return EMPTY;
      };
      const waits = (forWhat: string) => notices?.next({ type: 'Waiting', what: `${where()}: waits for ${forWhat}` });
      const converse = (wire: Wire): Observable<never> => {
        if (connected !== undefined) return reject(wire.peer, new PeerBusyError(wire.peer, connected));
        connected = wire.peer;
        const left$ = new Subject<void>();
        const leaves = () => {
          connected = undefined;
          left$.next();
        };
        return concat(
          merge(
            receive(wire, { maxMessageBytes, paused$, next, heard: () => heard$.next() }).pipe(finalize(leaves)),
            replies.to(wire).pipe(takeUntil(left$)),
          ).pipe(
            catchError((error: unknown) => {
              leaves();
              return reject(wire.peer, error);
            }),
          ),
          defer(() => {
            waits('a peer');
            return EMPTY;
          }),
        );
      };
      const admit = (wire: Wire) => {
        ungreeted++;
        let greeted = false;
        const settle = () => {
          if (!greeted) ungreeted--;
          greeted = true;
        };
        return owned(wire, () =>
          greet(wire, scheduler).pipe(
            mergeMap(() => {
              settle();
              return converse(wire);
            }),
            finalize(settle),
            catchError((error: unknown) => reject(wire.peer, error)),
          ),
        );
      };
      // Without our greeting, so that a peer knows: what it wanted to send has not been taken.
      const refuse = (wire: Wire) => owned(wire, () => reject(wire.peer, new PeerBusyError(wire.peer, connected)));

      return merge(
        receiveTimeout === undefined
          ? EMPTY
          : receiveTimeouts(heard$, {
              receiveTimeout,
              maxReceiveTimeouts,
              paused$,
              scheduler,
              timedOut: () => waits('a message'),
            }),
        replies.pump$,
        accepted$.pipe(
          mergeMap(wire => (connected === undefined && ungreeted < MOST_UNGREETED ? admit(wire) : refuse(wire))),
        ),
      )
        .pipe(takeUntil(following$))
        .subscribe(subscriber);
    });
};
