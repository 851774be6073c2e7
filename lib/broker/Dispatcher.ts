import type { AnyEvent } from '../event/AnyEvent.js';
import { OptionError } from '../flow/contract/OptionError.js';
import { anyTrue } from '../flow/level/anyTrue.js';
import { Backlogs } from './Backlogs.js';
import { BatchGathering } from './BatchGathering.js';
import { checkedBatch, checkEvent, isArray, type Sent } from './checkedBatch.js';
import { CurrentCall } from './CurrentCall.js';
import type { Phase } from './Phase.js';
import { Postponed } from './Postponed.js';
import { Routes, type Addressee, type Route } from './Routes.js';
import { SentQueue } from './SentQueue.js';

// The reasons for the slow path of `send`. If no flag is set, `send` is a lookup and a loop: the fast path.
/** The slow path is dispatching. The fast path sets no flag, which would cost 2 to 3 %: `call.isCalling` shows it. */
const BUSY = 1;
const SATURATED = 2;
const CLOSED = 4;
/** There is work after the current event: places to remove, events sent from inside a delivery, postponed calls. */
const UNTIDY = 8;
/** `changes$` has an observer. */
const WATCHED = 16;
/** The broker has `replay`: a late subscriber may be waiting for kept events. */
const REPLAYS = 32;

/**
 * Calls the subscribers of an event, one after the other, in the order of subscription.
 *
 *     send ──► open, idle, not saturated? ──► route ──► handler 0, 1, 2 …    the fast path: a lookup and a loop
 *        │                                                 │ returned something, or threw: the subscriber decides
 *        └──► else: rejected, queued after the event that is being dispatched, or dispatched if the backlogs have room
 *
 * D1  One event is dispatched at a time. Events sent from inside a delivery wait in `queue`, in order (promise B9).
 * D2  During a dispatch, `call` has the handler being called. Later handlers have not been offered the event yet.
 * D3  An event is rejected before any subscriber has received it (promise B12).
 * D4  Routes change in place during a dispatch, and are tidied between two of them.
 * D5  Whatever throws, no call is in progress after the outermost `send` or `sendBatch`, and the next one works.
 */
export class Dispatcher<E extends AnyEvent> {
  readonly routes: Routes<E>;
  readonly pressure = anyTrue();
  // copies of fields of `routes`, for the fast path
  readonly #byType: ReadonlyMap<string, Route<E>>;
  readonly #others: Route<E>;
  readonly call = new CurrentCall<E>();
  readonly backlogs: Backlogs<E>;
  readonly queue: SentQueue<E>;
  readonly postponed = new Postponed();
  readonly #phase: Phase;
  readonly #hasWholeBatches: boolean;
  readonly #gathering = new BatchGathering<E>();
  #nextReplay: (() => Sent<E> | undefined) | undefined;
  #flags = 0;
  #saturated = 0;
  readonly #changed: () => void;

  constructor(
    phase: Phase,
    options: { readonly unlisted: readonly string[]; maxPending: number; wholeBatches: boolean },
    changed: () => void,
  ) {
    this.#changed = changed;
    this.#phase = phase;
    this.routes = new Routes(options.unlisted);
    this.#byType = this.routes.byType;
    this.#others = this.routes.others;
    this.backlogs = new Backlogs(this.routes, options.maxPending, options.wholeBatches);
    this.queue = new SentQueue(this.backlogs);
    this.#hasWholeBatches = options.wholeBatches;
  }

  get busy(): boolean {
    return this.call.isCalling || (this.#flags & BUSY) !== 0;
  }

  send(event: E): boolean {
    const { call } = this;
    // the slow path rejects an invalid event: a call that checks for one here would cost 10 %
    if (this.#flags !== 0 || call.isCalling || (event as unknown) === undefined || (event as unknown) === null)
      return this.#sendSlowly(event);
    const route = this.#byType.size === 0 ? this.#others : (this.#byType.get(event.type) ?? this.#others);
    // a getter of `type` may throw, close the broker or fill a backlog; nothing has been done yet
    if (this.#flags !== 0) return this.#sendSlowly(event);
    call.dispatch(event, route);
    return this.#flags === 0 ? true : this.#finish();
  }

  /** Sends the event at this place of a tracked source. */
  sendAt(event: E, place: number): void {
    this.#sendSlowly(event, place);
  }

  sendBatch(batch: readonly E[]): boolean {
    this.#phase.refuse('sendBatch');
    if (!isArray(batch)) throw new OptionError('events', 'an array of events', batch);
    if (batch.length === 0) return !this.pressure.value;
    const sent = checkedBatch(batch, this.routes);
    this.#checkRoom(sent);
    return this.#accept(sent);
  }

  /** Calls `then` when everything that was sent has reached every subscriber; immediately if nothing is being dispatched. */
  later(then: () => void): void {
    if (this.busy) {
      this.postponed.later(then);
      this.#flags |= UNTIDY;
    } else then();
  }

  /** Between two events, `next` returns the replay of the next late subscriber, as one hand-over. Ends the fast path. */
  replays(next: () => Sent<E> | undefined): void {
    this.#nextReplay = next;
    this.#flags |= REPLAYS;
  }

  /** Asks for the next replay after the current event. */
  replay(): void {
    if (this.busy) this.#flags |= UNTIDY;
    else this.#accept();
  }

  /** Calls `halt` after the current event; immediately if there is none. */
  stop(halt: () => void): void {
    if (this.busy) {
      this.postponed.stop(halt);
      this.#flags |= UNTIDY;
    } else halt();
  }

  /** From now on each `send` checks the phase. */
  close(): void {
    this.#flags |= CLOSED;
  }

  /** Whether `changed` is called after each `send`. */
  watch(isWatched: boolean): void {
    this.#flags = isWatched ? this.#flags | WATCHED : this.#flags & ~WATCHED;
  }

  /** A required backlog became full, or clear. */
  saturated(level: boolean): void {
    this.#saturated += level ? 1 : -1;
    this.#flags = this.#saturated > 0 ? this.#flags | SATURATED : this.#flags & ~SATURATED;
    if (level) this.pressure.raise();
    else this.pressure.lower();
  }

  /** Records that it takes an event of the current batch. Returns `false` if no batch is being dispatched. */
  gather(addressee: Addressee<E>): boolean {
    return this.#gathering.add(addressee);
  }

  /** Adds a subscriber. It gets the events that are sent from now on, not the current one. */
  join(addressee: Addressee<E>, handler: (event: E) => unknown): void {
    this.routes.add(addressee, handler);
    if (!this.busy) return;
    this.call.newcomers.add(addressee);
    this.#flags |= UNTIDY;
  }

  leave(addressee: Addressee<E>): void {
    this.routes.remove(addressee);
    if (this.busy) this.#flags |= UNTIDY;
    else this.routes.tidy();
  }

  #dispatchBatch({ events, found, version, route }: Sent<E>): void {
    const { call, routes } = this;
    const { length } = events;
    const isWhole = this.#hasWholeBatches && route === undefined;
    this.#gathering.begin(length);
    call.first = isWhole ? events[0] : undefined;
    try {
      for (let i = 0; i < length; i++) {
        const at = isWhole ? 0 : i;
        const isKnown = found !== undefined && version === routes.version;
        call.dispatch(events[i]!, route ?? (isKnown ? found[at]! : routes.of(events[at]!)));
        if ((this.#flags & UNTIDY) === 0) continue;
        // a subscriber that left gets no later event of the batch; the route of a replay is not in `routes`
        if (route === undefined) routes.tidy();
        call.newcomers.clear();
      }
    } finally {
      // also if reading a type throws now, though it did not at the call: the earlier events reach their subscribers
      call.first = undefined;
      this.#gathering.end();
    }
  }

  #sendSlowly(event: E, place = 0): boolean {
    const sent = { events: [event], isBatch: false, found: undefined, version: 0, place };
    try {
      this.#phase.refuse('send');
      checkEvent(event);
      // reads the type now: a getter that throws does so in this call, not in the one that dispatches the event
      if (this.busy) this.routes.ofType(event.type);
      this.#checkRoom(sent);
    } catch (error) {
      this.call.lose(place);
      throw error;
    }
    return this.#accept(sent);
  }

  #checkRoom({ events }: Sent<E>): void {
    this.queue.checkRoom(events, this.busy ? Math.max(1, this.#gathering.size) : 0);
  }

  #accept(sent?: Sent<E>): boolean {
    if (!this.busy || sent === undefined) return this.#finish(sent);
    this.queue.push(sent);
    this.#flags |= UNTIDY;
    return !this.pressure.value;
  }

  /** Dispatches `first`, then the events sent from inside deliveries, even if something throws. Rethrows the first error. */
  #finish(first?: Sent<E>): boolean {
    const { call } = this;
    let wasHalted = false;
    let thrown: { readonly error: unknown } | undefined;
    let next = first;
    this.#flags |= BUSY;
    call.place = first?.place ?? 0;
    try {
      do {
        try {
          if (next?.isBatch === true) this.#dispatchBatch(next);
          else if (next !== undefined) call.dispatch(next.events[0]!, this.routes.of(next.events[0]!));
        } catch (error) {
          // the queue is dispatched all the same
          thrown ??= { error };
          call.abort();
        }
        this.routes.tidy();
        call.newcomers.clear();
        if (this.postponed.halt()) wasHalted = true;
        call.reached();
        next = this.#nextReplay?.() ?? this.queue.shift();
        call.place = next?.place ?? 0;
      } while (next !== undefined);
    } finally {
      this.#flags &= ~(BUSY | UNTIDY);
    }
    this.postponed.finish();
    this.#changed();
    if (wasHalted) this.#phase.refuse('send');
    if (thrown !== undefined) throw thrown.error;
    return !this.pressure.value;
  }
}
