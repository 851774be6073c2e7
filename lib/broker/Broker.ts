import type { Observable } from 'rxjs';
import type { All } from '../event/All.js';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { EventOf } from '../event/EventOf.js';
import type { Notice } from '../flow/Notice.js';
import type { Source } from '../flow/Source.js';
import type { BrokerSnapshot } from './BrokerSnapshot.js';
import type { BrokerSubscription } from './BrokerSubscription.js';
import type { StreamOptions, Subscriber } from './Subscriber.js';

/**
 * Routes events to subscribers: required ones lose nothing, optional ones slow nobody down.
 *
 *     send          a---b---c
 *     required      a-------b-------c       its work takes 8: what waits is kept, and pauses the source past its mark
 *     optional      a-------b               capacity 1: c is dropped, counted, and told
 */
export interface EventBroker<E extends AnyEvent> {
  /**
   * Hands an event to everybody who asked for its type, in the order of subscription; synchronous work is done when it
   * returns. From inside a delivery: after the event that is being handed over has reached everybody (B9).
   *
   * Gives `false` while a required backlog is at its mark, as a Node `Writable` does. Throws `BacklogFullError` past
   * `maxPending`, before anybody has received the event; `BrokerClosedError`; `BrokerStoppedError`.
   */
  send(event: E): boolean;
  /** Hands over several: everybody gets, in one call, those it asked for (B8). An empty batch is a no-op. */
  sendBatch(events: readonly E[]): boolean;
  /**
   * Sends what the source emits, and pauses it while `saturated$` is true. Cold: subscribing opens the source. It emits
   * the last snapshot once, when the source has completed and all required deliveries of its events are done (B11).
   */
  receive(source: Source<E>): Observable<BrokerSnapshot>;

  /** Registers a subscriber: it gets what is dispatched from now on. */
  subscribe<const T extends E['type'] | All = All>(subscriber: Subscriber<E, T>): BrokerSubscription;
  /** Registers several; if one of them is refused, none is. */
  subscribeBatch<const T extends readonly (E['type'] | All)[]>(subscribers: {
    readonly [I in keyof T]: Subscriber<E, T[I]> & { readonly types: readonly T[I][] };
  }): readonly BrokerSubscription[];
  /** Closes the subscribers that have these ids now; unknown ids are passed over (B7). */
  unsubscribe(...ids: readonly number[]): void;

  /** The same subscription as a cold Observable: of the events, or of what `project` makes of them, in order (B16). */
  stream<const T extends E['type'] | All = All, R = EventOf<E, T>>(options: StreamOptions<E, T, R>): Observable<R>;

  /** What happens, as it happens: edges, not replayed. Completes when the broker is closed. */
  readonly notices$: Observable<Notice<E>>;
  /** Whether some required backlog is at its mark: replays its present value. Completes when the broker is closed. */
  readonly saturated$: Observable<boolean>;
  /** Plain counters, exact at every instant, also from inside a delivery. */
  snapshot(): BrokerSnapshot;

  /**
   * From the call on nothing is accepted; what is held is let go. Emits the last snapshot when every backlog is done,
   * then the broker is closed. Unsubscribing before closes at once (B6).
   */
  drain(): Observable<BrokerSnapshot>;
  /** At once: what waits is dropped, deliveries in hand are unsubscribed; both are counted and announced (B6). */
  close(): void;
}
