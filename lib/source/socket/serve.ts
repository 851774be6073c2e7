import {
  asyncScheduler,
  catchError,
  concat,
  defer,
  EMPTY,
  filter,
  finalize,
  from,
  map,
  merge,
  mergeMap,
  NEVER,
  Observable,
  of,
  Subject,
  take,
  takeUntil,
} from 'rxjs';
import { aFunction, count, level, milliseconds } from '../../flow/contract/options.js';
import type { Notify } from '../../flow/reporter.js';
import type { Source } from '../../flow/contract/Source.js';
import { greet } from './greeting.js';
import { outbox } from './outbox.js';
import { withConnection, type Connection } from './Connection.js';
import { pauseLevel } from './pauseLevel.js';
import { PeerBusyError } from './errors.js';
import { receive } from './receive.js';
import { receiveTimeouts } from './receiveTimeouts.js';
import { aSource, MAX_MESSAGE_BYTES, socketChecks, type SocketOptions } from './SocketOptions.js';
import { waitingRoom } from './waitingRoom.js';

/**
 * The options of a server, without the address.
 * @see node_modules/rx-event-broker/docs/sources/socket.md
 */
export interface ServeOptions extends SocketOptions {
  /** Milliseconds without a message, connected or not, that count as one receive timeout. Default: no timeouts. */
  readonly receiveTimeout?: number;
  /** How many receive timeouts in a row are allowed. After one more the server errors with `ReceiveTimeoutError`. Default 3. */
  readonly maxReceiveTimeouts?: number;
  /**
   * The messages to send to the peer. Subscribed once, before a peer connects. Replies wait for a peer. If the source
   * cannot be paused and more than `maxMessageBytes` wait, the server errors with `SendBufferFullError`. Default:
   * nothing is sent.
   */
  readonly replies$?: Source<Uint8Array>;
  /**
   * Checks each message before it is emitted, synchronously. If it returns or throws an error, the message is discarded
   * and the connection is closed with a `PeerRejected` notice (promise N1). Default: every message is accepted.
   */
  readonly validate?: (message: Uint8Array) => Error | undefined;
  /** Each error that it emits closes the current connection, with a `PeerRejected` notice. Default: none. */
  readonly disconnect$?: Observable<Error>;
}

export const serveChecks = {
  ...socketChecks,
  receiveTimeout: milliseconds,
  maxReceiveTimeouts: count(0),
  replies$: aSource,
  validate: aFunction,
  disconnect$: level,
};

/** The most connections that may wait without a greeting. */
const MOST_UNGREETED = 64;

/**
 * The listening end of a pair. Emits the messages of one peer after another (promises N1, N2).
 *
 *     accepted ──► ungreeted (≤ 64, 10 s each) ──greeted──► the peer (one) ──gone──► waiting for the next
 *                     └── wrong, late, too many ──► closed     └── a second: closed, unless the first one does not answer
 */
export const serve = (
  options: ServeOptions,
  notify: Notify,
): ((accepted$: Observable<Connection>, where: () => string) => Observable<Uint8Array>) => {
  const { receiveTimeout, maxReceiveTimeouts = 3, replies$ = NEVER, pause$, validate, disconnect$ = NEVER } = options;
  const { scheduler = asyncScheduler, maxMessageBytes = MAX_MESSAGE_BYTES } = options;

  return (accepted$, where) =>
    new Observable<Uint8Array>(subscriber => {
      const next = (message: Uint8Array) => subscriber.next(message);
      const { paused$, isPaused, following$ } = pauseLevel(pause$);
      const heard$ = new Subject<void>();
      const replies = outbox(replies$, maxMessageBytes);
      const room = waitingRoom(MOST_UNGREETED);
      let connected: Connection | undefined;
      const left$ = new Subject<Connection>();

      const waits = (forWhat: string) => notify({ type: 'Waiting', what: `${where()}: waits for ${forWhat}` });
      const busy = (peer: string) => new PeerBusyError(peer, connected?.peer);

      // One check at a time, however many connections arrive.
      let looking: Promise<boolean> | undefined;
      const isFree = (): Observable<boolean> => {
        if (connected === undefined) return of(true);
        if (isPaused()) return of(false);
        looking ??= connected.isUnanswered().finally(() => {
          looking = undefined;
        });
        return from(looking).pipe(map(unanswered => unanswered || connected === undefined));
      };
      // The messages that the lost peer has sent are emitted before the peer counts as gone.
      const release = (lost: Connection): Observable<unknown> => {
        lost.stream.destroy(new Error('it has acknowledged nothing for a while, and another peer connected'));
        return left$.pipe(
          filter(connection => connection === lost),
          take(1),
        );
      };

      const converse = (connection: Connection): Observable<never> => {
        if (connected !== undefined) throw busy(connection.peer);
        connected = connection;
        const leaves = () => {
          if (connected !== connection) return;
          connected = undefined;
          left$.next(connection);
        };
        return merge(
          receive(connection, { maxMessageBytes, paused$, next, validate, heard: () => heard$.next() }).pipe(
            finalize(leaves),
          ),
          merge(
            replies.to(connection),
            disconnect$.pipe(
              map(error => {
                throw error;
              }),
            ),
          ).pipe(takeUntil(left$)),
        ).pipe(
          catchError((error: unknown) => {
            leaves();
            throw error;
          }),
        );
      };
      const greeted = (connection: Connection): Observable<void> =>
        new Observable<void>(waiting => {
          const leave = room.enter(connection.host, () => waiting.error(busy(connection.peer)));
          waiting.add(leave);
          const greeting$ = greet(connection, scheduler);
          waiting.add(
            greeting$.subscribe({
              next: () => {
                leave();
                waiting.next();
              },
              error: (error: unknown) => waiting.error(error),
              complete: () => waiting.complete(),
            }),
          );
        });
      const admit = (connection: Connection): Observable<never> => {
        let wasPeer = false;
        const peer$ = greeted(connection).pipe(
          mergeMap(isFree),
          mergeMap(free => {
            if (!free) throw busy(connection.peer);
            return connected === undefined ? of(0) : release(connected);
          }),
          mergeMap(() => {
            const conversation$ = converse(connection);
            wasPeer = true;
            return conversation$;
          }),
        );
        return concat(
          withConnection(connection, () => peer$).pipe(rejected(connection)),
          defer(() => {
            if (wasPeer) waits('a peer');
            return EMPTY;
          }),
        );
      };
      // Rejected without a greeting, so the peer knows that none of its messages were received.
      const refuse = (connection: Connection): Observable<never> =>
        withConnection(connection, () => defer(() => reported(connection, busy(connection.peer))));
      const reported = (connection: Connection, error: unknown): Observable<never> => {
        notify({ type: 'PeerRejected', peer: connection.peer, error: error as Error });
        return EMPTY;
      };
      const rejected = (connection: Connection) =>
        catchError<never, Observable<never>>((error: unknown) => reported(connection, error));

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
          mergeMap(connection =>
            connected === undefined
              ? admit(connection)
              : withConnection(connection, () =>
                  isFree().pipe(mergeMap(free => (free ? admit(connection) : refuse(connection)))),
                ),
          ),
        ),
      )
        .pipe(takeUntil(following$))
        .subscribe(subscriber);
    });
};
