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

// Why `send` is more than a lookup and a loop; 0 is the fast way.
/** Something is dispatched on the slow way. On the fast way `call` says so: to set and clear a flag costs 2 to 3 %. */
const BUSY = 1;
const SATURATED = 2;
const CLOSED = 4;
/** Something is to be done after the event: places of leavers, events that were sent from inside, postponed calls. */
const UNTIDY = 8;
/** Somebody observes what has been counted. */
const WATCHED = 16;
/** Late subscribers may get events first. */
const REPLAYS = 32;

/**
 * Calls the subscribers of an event, one after the other, in the order of subscription.
 *
 *     send ──► open, idle, not saturated? ──► route ──► handler 0, 1, 2 …    the fast way: a lookup and a loop
 *        │                                                 │ returned something, or threw: the subscriber decides
 *        └──► else: rejected, queued behind the event that is being dispatched, or dispatched if the backlogs have room
 *
 * D1  One event is dispatched at a time. Events sent from inside wait in `queue`, in order (promise B9).
 * D2  Until then `call` knows who is being called: those after it have not been offered the event yet.
 * D3  What is rejected is rejected before anybody has received it (promise B12).
 * D4  Routes change in place during a dispatch, and are tidied between two of them.
 * D5  Whatever throws, nobody is being called when `send` or `sendBatch` has returned, and the next one works.
 */
export class Dispatcher<E extends AnyEvent> {
  readonly routes: Routes<E>;
  readonly pressure = anyTrue();
  // both are in `routes`; here for the fast way
  readonly #byType: ReadonlyMap<string, Route<E>>;
  readonly #others: Route<E>;
  readonly call = new CurrentCall<E>();
  readonly backlogs: Backlogs<E>;
  readonly queue: SentQueue<E>;
  readonly #phase: Phase;
  readonly #hasWholeBatches: boolean;
  readonly #postponed = new Postponed();
  readonly #gathering = new BatchGathering<E>();
  #nextReplay: (() => Sent<E> | undefined) | undefined;
  #flags = 0;
  #saturated = 0;
  /** Something was sent. */
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
    // an invalid event is rejected on the slow way, too: a function that looks for it would cost a tenth
    if (this.#flags !== 0 || call.isCalling || (event as unknown) === undefined || (event as unknown) === null)
      return this.#sendSlowly(event);
    const route = this.#byType.size === 0 ? this.#others : (this.#byType.get(event.type) ?? this.#others);
    // a getter for the type may throw, close the broker or fill a backlog: before anything is done
    if (this.#flags !== 0) return this.#sendSlowly(event);
    call.dispatch(event, route);
    return this.#flags === 0 ? true : this.#finish();
  }

  /** Sends an event of the source that is tracked: it is at this place. */
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

  /** Calls `then` when everything that was sent has reached everybody; now if nothing is being dispatched. */
  later(then: () => void): void {
    if (this.busy) {
      this.#postponed.later(then);
      this.#flags |= UNTIDY;
    } else then();
  }

  /** Asks `next` between two events what the next late subscriber gets first, as one hand-over. All is sent the slow way. */
  replays(next: () => Sent<E> | undefined): void {
    this.#nextReplay = next;
    this.#flags |= REPLAYS;
  }

  /** Asks for the next replay when the event that is being dispatched has reached everybody. */
  replay(): void {
    if (this.busy) this.#flags |= UNTIDY;
    else this.#accept();
  }

  /** Calls `halt` when the event that is being dispatched has reached everybody; now if there is none. */
  stop(halt: () => void): void {
    if (this.busy) {
      this.#postponed.stop(halt);
      this.#flags |= UNTIDY;
    } else halt();
  }

  /** Looks at the phase before each `send` from now on. */
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

  /** Notes that it takes an event of the batch that is being dispatched; `false` if that is no batch. */
  gather(addressee: Addressee<E>): boolean {
    return this.#gathering.add(addressee);
  }

  /** It gets what is sent from now on, and not the event that is being dispatched. */
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
        // who leaves during one event gets none of those after it; the route of a replay is in no table
        if (route === undefined) routes.tidy();
        call.newcomers.clear();
      }
    } finally {
      // also if a type that could be read at the call now throws: what was dispatched before reaches everybody
      call.first = undefined;
      this.#gathering.end();
    }
  }

  #sendSlowly(event: E, place = 0): boolean {
    const sent = { events: [event], isBatch: false, found: undefined, version: 0, place };
    try {
      this.#phase.refuse('send');
      checkEvent(event);
      // a getter that throws does so at this call, not at the one that dispatches the event
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

  /** Dispatches `first` and then what was sent from inside. Whatever was thrown, nobody is being called in the end. */
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
          // what waits is dispatched all the same
          thrown ??= { error };
          call.abort();
        }
        this.routes.tidy();
        call.newcomers.clear();
        if (this.#postponed.halt()) wasHalted = true;
        call.reached();
        next = this.#nextReplay?.() ?? this.queue.shift();
        call.place = next?.place ?? 0;
      } while (next !== undefined);
    } finally {
      this.#flags &= ~(BUSY | UNTIDY);
    }
    this.#postponed.finish();
    this.#changed();
    if (wasHalted) this.#phase.refuse('send');
    if (thrown !== undefined) throw thrown.error;
    return !this.pressure.value;
  }
}
