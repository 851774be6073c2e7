import { All } from '../event/All.js';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { Mailbox } from '../flow/mailbox/Mailbox.js';
import { mailboxFor } from '../flow/mailbox/mailboxFor.js';
import type { Who } from '../flow/contract/Notice.js';
import type { Tally } from '../flow/contract/Tally.js';
import { batchOfEvents, singleEvent, type Measure } from '../flow/mailbox/Measure.js';
import { ignoreOutcome, isWork } from '../flow/mailbox/Work.js';
import type { SubscriberSnapshot } from './BrokerSnapshot.js';
import type { Desk } from './Desk.js';
import { RoutedCount } from './RoutedCount.js';
import type { CheckedSubscriber } from './checkedSubscriber.js';
import { nothing, type Route, type Routed } from './Routes.js';

/**
 * A subscriber in the broker. What is called for it in its routes *is* its state, so the dispatcher looks at nothing:
 *
 *     direct    the user's own function           counted by its routes: offered is a difference of their counts
 *        │ returned work, or threw with a retry
 *     mailbox   offers to its mailbox             the mailbox counts
 *     skipped   nothing                           counted by its routes
 *
 * A subscriber of batches has a function of ours in place of its own: it gathers, or hands over a batch of one.
 *
 * C1  offered = delivered + failed + dropped + skipped + pending, read at any instant, also from inside a delivery.
 * C2  `#count.since` is what came in the present state; every change of state settles it first.
 * C3  It has at most one mailbox, from its first asynchronous result on; what is in hand then goes into it.
 * C4  Once it is closed it is offered nothing; what runs synchronously then still counts as it ends.
 */
export class SubscriberState<E extends AnyEvent> implements Routed<E> {
  readonly who: Who;
  readonly required: boolean;
  /** Whether a delivery of it that fails for good stops the broker (promise B10). */
  readonly stops: boolean;
  readonly named: ReadonlySet<string>;
  readonly all: boolean;
  readonly routes = new Map<Route<E, this>, number>();
  readonly #desk: Desk<E, SubscriberState<E>>;
  readonly #of: CheckedSubscriber<E>;
  readonly #unit: Measure<E | readonly E[], E>;
  readonly #call: (unit: never) => unknown;

  #mailbox: Mailbox<E | readonly E[], E> | undefined;
  #skipping = false;
  #mayHold = true;
  #state: 'open' | 'draining' | 'closed' = 'open';
  /** Events of the batch that runs. */
  #gathered: E[] = [];
  #batchInHand = 0;
  /** The direct call that is on the stack has thrown, and is counted. */
  #thrown = false;
  #unfinished: readonly E[] = [];
  #error: unknown;
  #left = false;

  readonly #count: RoutedCount<SubscriberState<E>>;
  #direct = 0;
  #directFailed = 0;
  #skipped = 0;
  #dropped = 0;

  constructor(desk: Desk<E, SubscriberState<E>>, who: Who, of: CheckedSubscriber<E>) {
    this.who = who;
    this.#desk = desk;
    this.#of = of;
    this.required = of.delivery.required;
    this.stops = of.delivery.required && of.delivery.onFailure !== 'continue';
    this.#count = new RoutedCount<SubscriberState<E>>(this, this.routes, desk.position);
    const named = of.types.filter((type): type is E['type'] => type !== All);
    this.named = new Set(named);
    this.all = named.length < of.types.length || of.types.length === 0;
    this.#call = of.call ?? (of.callBatch as (unit: never) => unknown);
    this.#unit = (of.call === undefined ? batchOfEvents : singleEvent) as Measure<E | readonly E[], E>;
    if (of.delivery.hold$ !== undefined || (!of.delivery.required && of.delivery.observeOn !== undefined))
      this.#openMailbox();
  }

  get pending(): number {
    return this.#mailbox?.pending ?? 0;
  }

  get mailbox(): Pick<Mailbox<unknown, E>, 'pending' | 'offered' | 'settled'> | undefined {
    return this.#mailbox;
  }

  get open(): boolean {
    return this.#state === 'open';
  }

  takes(route: Route<E, SubscriberState<E>>): boolean {
    return this.open && !this.#skipping && this.routes.has(route as Route<E, this>);
  }

  /** What the dispatcher calls for it, as it is now. */
  get handler(): (event: E) => unknown {
    if (this.#skipping) return nothing;
    if (this.#of.call === undefined) return this.#takeForBatch;
    const mailbox = this.#mailbox;
    if (mailbox === undefined) return this.#of.call;
    return event => {
      mailbox.offer(event);
    };
  }

  /** It stands in its routes: what comes from now on is its. */
  begins(): void {
    this.#count.begin();
  }

  leaves(route: Route<E, this>): void {
    this.#settle();
    this.routes.delete(route);
    this.#count.without(route.count);
  }

  skip(level: boolean): void {
    this.#settle();
    this.#skipping = level;
    this.#patch();
  }

  hold(level: boolean): void {
    if (this.#mayHold) this.#mailbox?.hold(level);
  }

  /** From now on nothing is held any more; what is held waits for `letGo`. */
  ignoreHold(): void {
    this.#mayHold = false;
  }

  /** What is held is delivered after all: it closes, or the broker is being drained. */
  letGo(): void {
    this.#mayHold = false;
    this.#mailbox?.hold(false);
  }

  /** A direct call returned something. */
  returned(event: E, result: unknown): void {
    if (isWork(result)) this.#goAsync(event, () => result);
  }

  /** A direct call threw. */
  threw(unit: E | readonly E[], error: unknown): void {
    if (this.#of.delivery.retry !== undefined && this.#state !== 'closed') {
      this.#goAsync(unit, () => {
        throw error;
      });
      return;
    }
    this.#directFailed += this.#unit.weigh(unit);
    this.#thrown = true;
    this.#desk.failed(this, this.#unit.events(unit), error, 1);
    this.#thrown = false;
  }

  /** The batch has been dispatched: hands over, in one call, what it gathered. */
  handGathered(): void {
    const batch = this.#gathered;
    this.#gathered = [];
    if (batch.length > 0) this.#hand(batch);
    if (this.#state === 'draining') this.#conclude();
  }

  /** Accepts nothing more; with `drains`, finishes first what it has accepted (promise B6). */
  close(drains: boolean, error?: unknown): void {
    if (this.#state === 'closed' || (this.#state === 'draining' && drains)) return;
    const leaves = this.#state === 'open';
    this.#settle();
    this.#state = drains ? 'draining' : 'closed';
    this.#error = error;
    if (leaves) this.#desk.leaves(this);
    if (drains && this.#gathered.length > 0) return;
    this.#dropGathered();
    this.#conclude();
  }

  /** What the broker had taken from inside a delivery when it was closed, and would have handed over. */
  refuse(events: readonly E[]): void {
    const count = events.length;
    if (count === 0) return;
    this.#dropped += count;
    const gap = { count, reason: 'closed', first: events[0]!, last: events[count - 1]! } as const;
    this.#desk.notify({ type: 'Dropped', subscriber: this.who, open: false, ...gap });
  }

  snapshot(): SubscriberSnapshot {
    return { ...this.who, required: this.required, saturated: this.#mailbox?.saturated ?? false, ...this.tally() };
  }

  tally(): Tally {
    const routed = this.open ? this.#count.since : 0;
    const direct = this.#direct + (this.#skipping || this.#mailbox ? 0 : routed);
    const skipped = this.#skipped + (this.#skipping ? routed : 0);
    const inHand = this.#mailbox ? 0 : this.#inHand() + this.#gathered.length;
    const box = this.#mailbox?.tally();
    return {
      offered: direct + skipped + this.#dropped + (box?.offered ?? 0),
      delivered: direct - this.#directFailed - inHand + (box?.delivered ?? 0),
      failed: this.#directFailed + (box?.failed ?? 0),
      dropped: this.#dropped + (box?.dropped ?? 0),
      skipped,
      pending: inHand + (box?.pending ?? 0),
    };
  }

  readonly #takeForBatch = (event: E): undefined => {
    if (this.#desk.gather(this)) this.#gathered.push(event);
    else this.#hand([event]);
  };

  #hand(batch: readonly E[]): void {
    if (this.#mailbox !== undefined) {
      this.#mailbox.offer(batch, this.#state === 'draining');
      return;
    }
    this.#batchInHand = batch.length;
    try {
      const result = this.#call(batch as never);
      if (isWork(result)) this.#goAsync(batch, () => result);
    } catch (error) {
      this.#batchInHand = 0;
      this.threw(batch, error);
    }
    this.#batchInHand = 0;
  }

  /** The delivery in hand, directly begun, goes on in a mailbox. */
  #goAsync(unit: E | readonly E[], outcome: () => unknown): void {
    this.#settle();
    const events = this.#unit.weigh(unit);
    if (this.#state === 'closed') {
      ignoreOutcome(outcome);
      this.#directFailed += events;
      this.#unfinished = this.#unit.events(unit);
      return;
    }
    this.#direct -= events;
    const mailbox = this.#openMailbox();
    this.#patch();
    mailbox.adopt(unit, outcome, this.#state === 'draining');
  }

  #openMailbox(): Mailbox<E | readonly E[], E> {
    const desk = this.#desk;
    const mailbox = mailboxFor<E | readonly E[], E>(desk, this.who, this.#of.delivery, this.#of.stallAfter, {
      unit: this.#unit,
      start: unit => this.#call(unit as never),
      value: this.#of.value,
      failed: (events, error, attempts) => desk.failed(this, events, error, attempts),
      broken: error => desk.broken(this, error),
      level: saturated => desk.saturation(saturated),
      closed: unfinished => this.#leave(unfinished),
    });
    desk.waits(this);
    return (this.#mailbox = mailbox);
  }

  #patch(): void {
    if (this.#state === 'open') this.#desk.patch(this, this.handler);
  }

  #dropGathered(): void {
    if (this.#mailbox === undefined) this.#direct -= this.#gathered.length;
    this.refuse(this.#gathered.splice(0));
  }

  /** Nothing more will be taken: closes once nothing is in hand. */
  #conclude(): void {
    if (this.#mailbox !== undefined) {
      if (this.#state === 'draining') this.#mailbox.end();
      else this.#mailbox.close();
      this.letGo(); // once it makes nobody wait
    } else if (this.#inHand() > 0) {
      this.#desk.later(() => {
        if (this.#mailbox === undefined) this.#leave(this.#unfinished);
      });
    } else this.#leave([]);
  }

  #leave(unfinished: readonly E[]): void {
    if (this.#left) return;
    this.#left = true;
    this.#unfinished = []; // a closed broker keeps its members
    this.#desk.left(this, unfinished, this.#error);
  }

  /** Events of a direct call that is on the stack. */
  #inHand(): number {
    const called = this.#count.called && !this.#thrown ? 1 : 0;
    return this.#of.call === undefined ? this.#batchInHand : called;
  }

  #settle(): void {
    if (!this.open) return;
    const events = this.#count.take();
    if (this.#skipping) this.#skipped += events;
    else if (this.#mailbox === undefined) this.#direct += events;
  }
}
