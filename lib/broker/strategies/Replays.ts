import type { AnyEvent } from '../../event/AnyEvent.js';
import { catchRejection } from '../../flow/catchRejection.js';
import { checkedKey } from '../../flow/contract/checkedKey.js';
import type { Delivery } from '../../flow/contract/Delivery.js';
import { checkOption, type Check } from '../../flow/contract/options.js';
import type { After, Expired } from '../../flow/contract/Served.js';
import { OptionError } from '../../flow/contract/OptionError.js';
import { singleEvent } from '../../flow/mailbox/Measure.js';
import { sizeBy } from '../../flow/mailbox/Size.js';
import { ignoreOutcome } from '../../flow/mailbox/Work.js';
import { reporter } from '../../flow/reporter.js';
import type { Sent } from '../checkedBatch.js';
import { REPLAYED } from '../CurrentCall.js';
import type { Late, Latecomer, ReplayHost, ReplayLog } from '../ReplayLog.js';
import { append, newRoute, type Route } from '../Routes.js';
import { KeptEvents, NO_KEY, type Bounds, type Noted } from './KeptEvents.js';
import { withReplayed } from './ReplayedQueue.js';

const SINCE: Check = {
  expected: "'replay' or { after }, with a function",
  allows: value => value === 'replay' || typeof (value as Partial<After<never>>).after === 'function',
};

/** A late subscriber that waits for its replay. */
interface Waiting<E> {
  readonly subscriber: Latecomer<E>;
  readonly since: 'replay' | After<E>;
  readonly missed: ((gap: Expired) => void) | undefined;
}

/**
 * Keeps what is dispatched, and replays it to late subscribers.
 *
 *     dispatched   a ─ b ───────── c ─ d
 *     kept         a   a b         …
 *     late               │ a b ──► c ─ d     the replay is dispatched between b and c
 *
 * RP1  An event is kept before its first handler is called. A replayed event is not kept again.
 * RP2  A late subscriber joins all of its routes when its replay begins, and none before: at its place in the order of
 *      subscription. The replay is one hand-over: nothing else is dispatched inside it, so there is no gap and no repeat.
 * RP3  A replay has a route of its own. The late subscriber is its only member.
 */
export class Replays<E extends AnyEvent> implements ReplayLog<E> {
  readonly #host: ReplayHost<E>;
  readonly #keyOf: ((event: E) => unknown) | undefined;
  readonly #bytesOf: ((event: E) => number | { readonly error: unknown }) | undefined;
  readonly #kept: KeptEvents<E>;
  readonly #failed: ReturnType<typeof reporter<E>>['failed'];
  readonly #waiting: Waiting<E>[] = [];
  #hasEnded = false;

  constructor(host: ReplayHost<E>, bounds: Bounds, keyOf: ((event: E) => unknown) | undefined) {
    this.#host = host;
    this.#kept = new KeptEvents(bounds);
    this.#keyOf = keyOf;
    if (bounds.bytes < Infinity) this.#bytesOf = sizeBy(singleEvent, host.sizeOf as (event: unknown) => number);
    this.#failed = reporter<E>(host.notices, { id: 0, key: 0, name: 'replay' }).failed;
    const { call } = host.dispatcher;
    // replaces `dispatch`, since a check in it would slow down every broker, also without `replay`
    const dispatch = call.dispatch.bind(call);
    call.dispatch = (event, route) => {
      const isKept = call.place !== REPLAYED && !this.#hasEnded;
      dispatch(event, isKept ? this.#keep(event, route) : route);
    };
    host.dispatcher.replays(() => this.#next());
  }

  late(since: 'replay' | After<E>, delivery: Delivery<E>): Late<E> {
    checkOption('since', since, SINCE);
    const { dispatcher } = this.#host;
    const of = { isReplaying: () => dispatcher.call.place === REPLAYED, maxSize: delivery.gather?.maxSize ?? Infinity };
    const { missed } = delivery as { readonly missed?: (gap: Expired) => void };
    return {
      applied: settings => withReplayed(settings, of),
      begin: subscriber => {
        this.#waiting.push({ subscriber, since, missed });
        dispatcher.replay();
      },
    };
  }

  end(): void {
    this.#hasEnded = true;
    this.#waiting.length = 0;
    this.#kept.clear();
  }

  /** Keeps an event. Returns its route, which changes if a subscriber names its type inside a function of the user. */
  #keep(event: E, route: Route<E>): Route<E> {
    const { call, routes } = this.#host.dispatcher;
    const noted = this.#note(event, route);
    // a function of the user may have closed the broker
    if (!this.#hasEnded) this.#kept.add(event, noted);
    // a subscriber that joined there gets this event, too: it has not reached anybody yet
    call.newcomers.clear();
    // `undefined` is no type: such an event keeps the route that it had, `others`
    return routes.ofType(noted.type as string);
  }

  #note(event: E, route: Route<E>): Noted {
    let { type } = route;
    let key: unknown = NO_KEY;
    const size = this.#bytesOf?.(event) ?? 0;
    if (typeof size !== 'number') this.#failed([event], size.error, 1);
    try {
      if (this.#keyOf !== undefined) key = checkedKey('keepLatestBy', this.#keyOf(event));
    } catch (error) {
      this.#failed([event], error, 1);
    }
    try {
      type ??= (this.#host.dispatcher.call.first ?? event).type;
    } catch {
      // the getter did not throw when the event was routed: the event keeps the route that it has
    }
    return { type, key, bytes: typeof size === 'number' ? size : 0 };
  }

  /** Begins the replay of the next late subscriber that is still open, if there is one. */
  #next(): Sent<E> | undefined {
    for (let waiting = this.#waiting.shift(); waiting !== undefined; waiting = this.#waiting.shift()) {
      if (waiting.subscriber.isOpen) return this.#begin(waiting);
    }
    return undefined;
  }

  #begin({ subscriber, since, missed }: Waiting<E>): Sent<E> {
    const { routes } = this.#host.dispatcher;
    const route = newRoute<E>();
    append(route, subscriber, subscriber.handler);
    routes.addLate(subscriber, subscriber.handler);
    subscriber.begin();
    return {
      events: this.#eventsFor(subscriber, since, missed),
      isBatch: true,
      found: undefined,
      version: 0,
      place: REPLAYED,
      route,
    };
  }

  #eventsFor(subscriber: Latecomer<E>, since: 'replay' | After<E>, missed: Waiting<E>['missed']): readonly E[] {
    const { routes } = this.#host.dispatcher;
    const events: E[] = [];
    const isLast = since === 'replay' ? () => false : asked(since, error => subscriber.delivery.threw(error));
    let isExpired = since !== 'replay';
    for (const { event, type } of this.#kept.newestFirst()) {
      if (!subscriber.routes.has(routes.ofType(type as string))) continue;
      if (isLast(event)) {
        isExpired = false;
        break;
      }
      events.push(event);
    }
    if (isExpired) this.#reportExpired(subscriber, missed);
    return events.reverse();
  }

  #reportExpired({ who, delivery }: Latecomer<E>, missed: Waiting<E>['missed']): void {
    this.#host.notices.next({ type: 'Expired', subscriber: who });
    try {
      catchRejection(missed?.({ reason: 'expired' }), error => delivery.threw(error));
    } catch (error) {
      delivery.threw(error);
    }
  }
}

/** Calls `after`. After it has thrown it is not called again: the event counts as not found, so everything is replayed. */
const asked = <E>(since: After<E>, threw: (error: unknown) => void): ((event: E) => boolean) => {
  let hasThrown = false;
  return event => {
    if (hasThrown) return false;
    try {
      const { after } = since;
      const answer: unknown = after(event);
      if (typeof answer === 'boolean') return answer;
      // such as a Promise, which would always count as true
      ignoreOutcome(answer);
      throw new OptionError('after', 'a function that returns true or false', answer);
    } catch (error) {
      hasThrown = true;
      threw(error);
      return false;
    }
  };
};
