import type { AnyEvent } from '../event/AnyEvent.js';
import { anyTrue } from '../flow/level/anyTrue.js';
import { BacklogFullError } from '../flow/contract/BacklogFullError.js';
import { OptionError } from '../flow/contract/OptionError.js';
import { RingBuffer } from '../flow/RingBuffer.js';
import { checkedEvents, checkEvent, isArray, type Sent } from './checkedEvents.js';
import type { SubscriberState } from './SubscriberState.js';
import { Routes, type Route } from './Routes.js';

// What makes `send` more than a lookup and a loop; 0 is the fast way.
const BUSY = 1;
const SATURATED = 2;
const CLOSED = 4;
/** Something is to be done after the hand-over: places of leavers, events that were sent meanwhile, calls put off. */
const UNTIDY = 8;

/** In `at`: nobody is being called. */
const NOBODY = -1;

/**
 * Hands events over: one at a time, to everybody on its route, in the order of subscription.
 *
 *     send ──► open, nobody inside, nobody full? ──► route ──► handler 0, 1, 2 …    the fast way: a lookup and a loop
 *        │                                                        │ returned something, or threw: the member decides
 *        └──► else: refused, queued behind the hand-over that runs, or handed over after a look at the backlogs
 *
 * P1  One hand-over runs at a time; events sent from inside wait in `#queue`, and are handed over in that order (B9).
 * P2  While it runs, `route` and `at` say who is being called: those behind it, but for newcomers, have not been offered the event yet.
 * P3  What is refused is refused before anybody has received it (B12).
 * P4  Routes change in place while it runs, and are tidied between two hand-overs.
 * P5  Whatever throws, nobody is being called when `send` or `sendBatch` has returned, and the next one works.
 */
export class Dispatcher<E extends AnyEvent> {
  readonly routes: Routes<E, SubscriberState<E>>;
  // both are in `routes`; here for the fast way
  readonly #byType: ReadonlyMap<string, Route<E, SubscriberState<E>>>;
  readonly #others: Route<E, SubscriberState<E>>;
  readonly pressure = anyTrue();
  readonly maxPending: number;
  readonly #wholeBatches: boolean;
  /** Events and batches that were sent from inside a delivery. */
  readonly #queue = new RingBuffer<Sent<E>>();
  #queuedEvents = 0;
  /** Events of the hand-over that runs. */
  #inHand = 0;
  readonly #later: (() => void)[] = [];
  #flags = 0;
  #raised = 0;
  #unrouted = 0;
  #refusal: ((call: string) => Error) | undefined;
  /** Given once the hand-over that runs has reached everybody. */
  #stopping: (() => void) | undefined;

  /** Members that have a mailbox. */
  readonly waiters = new Set<SubscriberState<E>>();
  route: Route<E, SubscriberState<E>> | undefined;
  at = NOBODY;
  readonly newcomers = new Set<SubscriberState<E>>();
  /** Members that took events of the batch that runs, to be given them in one call. */
  gathered: Set<SubscriberState<E>> | undefined;

  constructor(options: { readonly unlisted: readonly string[]; maxPending: number; wholeBatches: boolean }) {
    this.routes = new Routes(options.unlisted);
    this.#byType = this.routes.byType;
    this.#others = this.routes.others;
    this.maxPending = options.maxPending;
    this.#wholeBatches = options.wholeBatches;
  }

  get busy(): boolean {
    return (this.#flags & BUSY) !== 0;
  }

  get unrouted(): number {
    return this.#unrouted;
  }

  send(event: E): boolean {
    // what is no event is refused with care, too; a function that looks for it would cost a tenth
    if (this.#flags !== 0 || (event as unknown) === undefined || (event as unknown) === null)
      return this.#sendWithCare(event);
    // where its type is read, a getter of the user's may throw: before anything is done
    const route = this.#routeOf(event);
    this.#flags |= BUSY; // the getter may have closed the broker
    this.#handOver(event, route);
    if (this.#flags === BUSY) {
      this.#flags = 0;
      return true;
    }
    return this.#afterwards();
  }

  sendBatch(batch: readonly E[]): boolean {
    this.refuseIfClosed('sendBatch');
    if (!isArray(batch)) throw new OptionError('events', 'an array of events', batch);
    if (batch.length === 0) return !this.pressure.value;
    return this.#sendChecked(checkedEvents(batch), true);
  }

  /** Calls `then` when the hand-over that runs, and all that waits behind it, has reached everybody. */
  later(then: () => void): void {
    if (!this.busy) {
      then();
      return;
    }
    this.#later.push(then);
    this.#flags |= UNTIDY;
  }

  /** Calls `halt` when the hand-over that runs has reached everybody. */
  stop(halt: () => void): void {
    if (!this.busy) {
      halt();
      return;
    }
    this.#stopping ??= halt;
    this.#flags |= UNTIDY;
  }

  /** From now on nothing is taken, and callers get this error. */
  close(refusal: (call: string) => Error): void {
    this.#refusal = refusal;
    this.#flags |= CLOSED;
  }

  /** Throws what a call gets once nothing is taken any more. */
  refuseIfClosed(call: string): void {
    if (this.#refusal !== undefined) throw this.#refusal(call);
  }

  /** Takes out what was sent from inside a delivery, and has those drop it who would have been handed it. */
  refuseQueue(members: Iterable<SubscriberState<E>>): void {
    const unsent: (readonly E[])[] = [];
    while (this.#queue.length > 0) unsent.push(this.#queue.shift()!.events);
    this.#queuedEvents = 0;
    for (const member of members) member.refuse(unsent.flatMap(events => this.#eventsFor(member, events)));
  }

  /** A required backlog became full, or clear. */
  saturation(up: boolean): void {
    this.#raised += up ? 1 : -1;
    if (this.#raised > 0) this.#flags |= SATURATED;
    else this.#flags &= ~SATURATED;
    if (up) this.pressure.raise();
    else this.pressure.lower();
  }

  /** It stands in its routes from now on: the event that runs is not for it. */
  join(member: SubscriberState<E>): void {
    if (!this.busy) return;
    this.newcomers.add(member);
    this.#flags |= UNTIDY;
  }

  leave(member: SubscriberState<E>): void {
    this.routes.remove(member);
    if (this.busy) this.#flags |= UNTIDY;
    else this.routes.tidy();
  }

  #handOver(event: E, route: Route<E, SubscriberState<E>>): void {
    route.count++;
    if (this.route !== route) this.route = route;
    const { handlers } = route;
    const { length } = handlers;
    if (length === 1) this.#handTo(event, handlers, 0);
    else if (length === 0) this.#unrouted++;
    else for (let i = 0; i < length; i++) this.#handTo(event, handlers, i);
    this.at = NOBODY;
  }

  #handTo(event: E, handlers: Route<E, SubscriberState<E>>['handlers'], i: number): void {
    this.at = i;
    try {
      // called as a plain function: no receiver
      const handler = handlers[i] as (event: E) => unknown;
      const result = handler(event);
      if (result !== undefined) this.#called.returned(event, result);
    } catch (error) {
      this.#called.threw(event, error);
    }
  }

  /** Who is being called. */
  get #called(): SubscriberState<E> {
    return this.route!.members[this.at]!;
  }

  #handOverBatch(events: readonly E[]): void {
    this.#inHand = events.length;
    const gathered = new Set<SubscriberState<E>>();
    this.gathered = gathered;
    const whole = this.#wholeBatches ? this.#routeOf(events[0]!) : undefined;
    try {
      for (const event of events) {
        this.#handOver(event, whole ?? this.#routeOf(event));
        if ((this.#flags & UNTIDY) === 0) continue;
        // who leaves during one event of it asks for none of those after it; a whole batch has one route to its end
        if (whole === undefined && this.routes.untidy) this.routes.tidy();
        this.newcomers.clear();
      }
    } finally {
      // also if a type could be read at the call, and now throws: what was dispatched before reaches everybody
      this.gathered = undefined;
      const inOrder = [...gathered].sort((a, b) => a.who.key - b.who.key);
      for (const member of inOrder) member.handGathered();
      this.#inHand = 0;
    }
  }

  #sendWithCare(event: E): boolean {
    this.refuseIfClosed('send');
    checkEvent(event);
    return this.#sendChecked(this.busy ? checkedEvents([event]) : [event], false);
  }

  #sendChecked(events: readonly E[], isBatch: boolean): boolean {
    this.#checkRoom(events);
    if (!this.busy) {
      this.#flags |= BUSY;
      return this.#afterwards({ events, isBatch });
    }
    this.#queue.push({ events, isBatch });
    this.#queuedEvents += events.length;
    this.#flags |= UNTIDY;
    return !this.pressure.value;
  }

  /** Refuses events for whose sake a backlog would pass its bound: before anybody has received one (B12). */
  #checkRoom(events: readonly E[]): void {
    const max = this.maxPending;
    if (this.busy && this.#queuedEvents + events.length > max)
      throw new BacklogFullError('events sent from inside a delivery', this.#queuedEvents, max);
    const ahead = this.busy ? this.#queuedEvents + Math.max(1, this.#inHand) : 0;
    const first = this.#routeOf(events[0]!);
    for (const member of events.length === 1 ? first.members : this.waiters) {
      // what an idle one is handed at once is its own size; one without a mailbox keeps nothing
      if (member?.required !== true || member.mailbox === undefined) continue;
      const { pending } = member;
      if (pending + ahead === 0 || pending + ahead + events.length <= max) continue;
      const its = this.#eventsFor(member, events).length;
      if (its > 0 && pending + ahead + its > max) throw new BacklogFullError(member.who.name, pending, max);
    }
  }

  /** Those of one call that the member asks for, as it is now. */
  #eventsFor(member: SubscriberState<E>, events: readonly E[]): readonly E[] {
    return events.filter(event => {
      try {
        return member.takes(this.#routeOf(this.#wholeBatches ? events[0]! : event));
      } catch {
        return false; // its type can no longer be read: it would not have reached anybody
      }
    });
  }

  /** Hands over `first`, and then what was sent from inside; in the end nobody is being called, whatever was thrown. */
  #afterwards(first?: Sent<E>): boolean {
    let halted = false;
    // the first that was thrown: what waits is handed over all the same, in its order
    let thrown: { readonly error: unknown } | undefined;
    let next = first;
    try {
      do {
        try {
          if (next?.isBatch === true) this.#handOverBatch(next.events);
          else if (next !== undefined) this.#handOver(next.events[0]!, this.#routeOf(next.events[0]!));
        } catch (error) {
          thrown ??= { error };
          this.at = NOBODY;
        }
        if (this.routes.untidy) this.routes.tidy();
        if (this.newcomers.size > 0) this.newcomers.clear();
        const halt = this.#stopping;
        this.#stopping = undefined;
        halt?.();
        halted ||= halt !== undefined;
        next = this.#queue.shift();
        this.#queuedEvents -= next?.events.length ?? 0;
      } while (next !== undefined);
    } finally {
      this.at = NOBODY;
      this.gathered = undefined;
      this.#inHand = 0;
      this.#flags &= ~(BUSY | UNTIDY);
      if (this.#queue.length > 0) this.#flags |= UNTIDY;
    }
    for (const then of this.#later.splice(0)) then();
    if (halted) this.refuseIfClosed('send');
    if (thrown !== undefined) throw thrown.error;
    return !this.pressure.value;
  }

  /** Where nobody names a type there is nothing to look up. */
  #routeOf(event: E): Route<E, SubscriberState<E>> {
    return this.#byType.size === 0 ? this.#others : (this.#byType.get(event.type) ?? this.#others);
  }
}
