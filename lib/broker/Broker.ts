import type { Observable } from 'rxjs';
import type { All } from '../event/All.js';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { EventOf } from '../event/EventOf.js';
import type { Disposal } from '../flow/contract/Disposal.js';
import type { Notice } from '../flow/contract/Notice.js';
import type { Source } from '../flow/contract/Source.js';
import type { BrokerSnapshot } from './BrokerSnapshot.js';
import type { BrokerSubscription } from './BrokerSubscription.js';
import type { EventView } from './EventView.js';
import type { LoopOptions, StreamOptions, Subscriber } from './Subscriber.js';

/**
 * Routes events to subscribers. Required subscribers receive every event; optional ones never slow anyone down.
 *
 *     send          a---b---c
 *     required      a-------b-------c       its work takes 8: c waits, and at the high-water mark the source pauses
 *     optional      a-------b               capacity 1: c is dropped, counted and reported
 *
 * @see node_modules/rx-event-broker/docs/broker/eventBroker.md
 */
export interface EventBroker<E extends AnyEvent> extends Disposal<'asyncDispose', () => Promise<void>> {
  /**
   * Delivers an event to every subscriber of its type, in the order of subscription. Synchronous work has finished when
   * `send` returns. A `send` from inside a delivery runs after the current event has reached every subscriber (promise
   * B9).
   *
   * Returns `false` while a required backlog is at its high-water mark, like a Node `Writable`: wait for `saturated$`
   * to become `false`. Throws `BacklogFullError` past `maxPending`, before any subscriber has received the event.
   * Throws `BrokerClosedError` or `BrokerStoppedError` after the broker has ended.
   *
   * @example
   * ```ts
   * if (!broker.send({ type: 'Price', value: 7 }))
   *   await firstValueFrom(broker.saturated$.pipe(filter(on => !on)));
   * ```
   */
  send(event: E): boolean;
  /**
   * Delivers several events in one call. Each subscriber gets the events that it asked for; `nextBatch` gets them in one
   * call (promise B8: a batch is filtered per subscriber). An empty batch does nothing. Returns and throws as `send` does.
   *
   * @example
   * ```ts
   * broker.sendBatch([{ type: 'Price', value: 7 }, { type: 'Halt' }]);
   * ```
   */
  sendBatch(events: readonly E[]): boolean;
  /**
   * Sends everything that `source` emits, and pauses the source while `saturated$` is `true`. Cold: subscribing opens
   * the source, unsubscribing cancels it.
   *
   * Emits the last snapshot once, when the source has completed and all required deliveries of its events have finished
   * (promise B11: completion means that the work is done). Errors with the source's error, `BrokerStoppedError`,
   * `BrokerClosedError`, or `ReceiveRunningError` if another `receive` is running.
   *
   * @example
   * ```ts
   * broker
   *   .receive(pause$ => fromPull(readEvents, { pause$ }))
   *   .subscribe(({ sent }) => console.log(sent));
   * ```
   * @see node_modules/rx-event-broker/docs/broker/receive.md
   */
  receive(source: Source<E>): Observable<BrokerSnapshot>;

  /**
   * Registers a subscriber. It gets the events that are sent from now on. Throws `OptionError` for an invalid option,
   * and `BrokerClosedError`.
   *
   * @example
   * ```ts
   * const subscription = broker.subscribe({
   *   required: true,
   *   types: ['Price'],
   *   next: price => store(price),
   * });
   * subscription.unsubscribe();
   * ```
   * @see node_modules/rx-event-broker/docs/broker/subscribe.md
   */
  subscribe<const T extends E['type'] | All = All>(subscriber: Subscriber<E, T>): BrokerSubscription;
  /**
   * Registers several subscribers. If an option of one of them is invalid, none is registered. Throws as `subscribe`
   * does.
   *
   * @example
   * ```ts
   * const [store, chart] = broker.subscribeBatch([
   *   { required: true, types: ['Price'], next: save },
   *   { required: false, types: [All], next: draw },
   * ]);
   * ```
   * @see node_modules/rx-event-broker/docs/broker/subscribe.md
   */
  subscribeBatch<const T extends readonly (E['type'] | All)[]>(subscribers: {
    readonly [I in keyof T]: Subscriber<E, T[I]> & {
      /** The types that this subscriber asks for. */
      readonly types: readonly T[I][];
    };
  }): readonly BrokerSubscription[];
  /**
   * Closes the subscribers with these ids. Unknown ids are ignored (promise B7: they never affect another subscriber).
   *
   * @example
   * ```ts
   * broker.unsubscribe(subscription.id);
   * ```
   */
  unsubscribe(...ids: readonly number[]): void;

  /**
   * The same subscription as a cold Observable: subscribing registers, unsubscribing closes. Emits the events, or the
   * results of `project`, in order (promise B16). Completes when the broker closes; errors with `BrokerStoppedError`,
   * `BrokerClosedError` and `OptionError`.
   *
   * @example
   * ```ts
   * broker
   *   .stream({ required: true, types: ['Price'], project: price => save(price) })
   *   .subscribe();
   * ```
   * @see node_modules/rx-event-broker/docs/broker/stream.md
   */
  stream<const T extends E['type'] | All = All, R = EventOf<E, T>>(options: StreamOptions<E, T, R>): Observable<R>;

  /**
   * The same subscription as a loop. It is registered when the loop begins. Asking for the next event completes the
   * delivery of the previous one, so a slow required loop pauses its source (promise I2).
   *
   * Leaving the loop closes the subscriber: the event in hand counts as failed, and nothing more is settled. The loop ends
   * when the broker closes; `drain` first delivers what is pending. The loop throws `BrokerStoppedError`,
   * `BrokerClosedError` and `NextPendingError`. `iterate` itself throws `OptionError` for an invalid option.
   *
   * @example
   * ```ts
   * const prices = broker.iterate({ required: true, types: ['Price'] });
   * for await (const price of prices) await store(price);
   * ```
   * @see node_modules/rx-event-broker/docs/broker/iterate.md
   */
  iterate<const T extends E['type'] | All = All>(options: LoopOptions<E, T>): AsyncIterable<EventOf<E, T>>;

  /**
   * A view of the broker for code that only listens, to these types alone. It has `subscribe`, `stream` and `iterate`. In
   * it, `All` means these types (promise I7). Throws `OptionError` unless there is at least one type.
   *
   * @example
   * ```ts
   * const prices = broker.only('Price');
   * prices.subscribe({ required: true, next: price => store(price) });
   * ```
   * @see node_modules/rx-event-broker/docs/broker/parts.md
   */
  only<const T extends E['type']>(...types: readonly [T, ...T[]]): EventView<EventOf<E, T>>;

  /**
   * What happens in the broker, as it happens: drops, failures, stalls. Not replayed. Completes when the broker closes.
   *
   * @example
   * ```ts
   * broker.notices$
   *   .pipe(ofType('Failed'))
   *   .subscribe(({ subscriber, error }) => console.error(subscriber.name, error));
   * ```
   * @see node_modules/rx-event-broker/docs/notices.md
   */
  readonly notices$: Observable<Notice<E>>;
  /**
   * Whether any required backlog is at its high-water mark. Replays the current value; completes when the broker
   * closes.
   * @see node_modules/rx-event-broker/docs/flow-control.md
   */
  readonly saturated$: Observable<boolean>;
  /**
   * Counters of the broker and of each subscriber, exact at any time, also inside a delivery. Returns the same object until
   * something changes. The same holds for each subscriber in it (promise I8).
   *
   * @example
   * ```ts
   * const { sent, unrouted } = broker.snapshot();
   * ```
   * @see node_modules/rx-event-broker/docs/broker/snapshot-and-notices.md
   */
  snapshot(): BrokerSnapshot;
  /**
   * Emits the snapshot after a change, at most once per microtask (promise I8). Not replayed. Completes after the last
   * change, when the broker is closed. While it has an observer, each `send` costs slightly more.
   *
   * @example
   * ```ts
   * broker.changes$.subscribe(({ sent }) => console.log(sent));
   * ```
   * @see node_modules/rx-event-broker/docs/broker/snapshot-and-notices.md
   */
  readonly changes$: Observable<BrokerSnapshot>;

  /**
   * Graceful shutdown. A block with `await using` does it at its end (promise I1). From the call on, the broker accepts
   * nothing more and delivers what is pending, ignoring `hold$`. When every backlog is empty, it emits the last snapshot
   * and closes. Unsubscribing earlier closes it immediately (promise B6: pending events are then dropped and counted).
   *
   * @example
   * ```ts
   * await firstValueFrom(broker.drain());
   * ```
   */
  drain(): Observable<BrokerSnapshot>;
  /**
   * Immediate shutdown: drops what is pending, unsubscribes deliveries in flight, and counts and reports both (promise
   * B6).
   *
   * @example
   * ```ts
   * broker.close();
   * ```
   */
  close(): void;
}
