import { All } from '../event/All.js';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { Notice, Who } from '../flow/contract/Notice.js';
import type { Tally } from '../flow/contract/Tally.js';
import type { Signal } from '../flow/contract/Signal.js';
import type { FirstTry } from '../flow/mailbox/InHand.js';
import { Mailbox } from '../flow/mailbox/Mailbox.js';
import type { MailboxOwner } from '../flow/mailbox/MailboxOwner.js';
import { mailboxSettings } from '../flow/mailbox/MailboxSettings.js';
import { batchOfEvents, singleEvent, type Measure } from '../flow/mailbox/Measure.js';
import { ignoreOutcome, isWork } from '../flow/mailbox/Work.js';
import type { Places } from '../flow/settlement/Places.js';
import { reporter, writeError } from '../flow/reporter.js';

import type { CheckedSubscriber } from './checkedSubscriber.js';
import { DirectTally } from './DirectTally.js';
import { RoutedCount } from './RoutedCount.js';
import { skipEvent, type Addressee, type Route } from './Routes.js';
import type { SubscriberHost } from './SubscriberHost.js';

/** An event, or a batch for a subscriber that takes batches. */
type Unit<E> = E | readonly E[];

/**
 * A subscriber in the broker. Its state is the function that its routes call, so the dispatcher has nothing to check:
 *
 *     called    the user's own function      its routes count: the difference of two counts
 *        │ it returned work, or threw and may retry
 *     mailbox   offers to the mailbox        the mailbox counts
 *     skipped   does nothing                 its routes count
 *
 * For a subscriber of batches the function is ours: it gathers the events of a batch, and hands over a single event as
 * a batch of one.
 *
 * SS1  offered = delivered + failed + dropped + skipped + pending, at any time, also inside a delivery.
 * SS2  It gets a mailbox with its first asynchronous result, which is the first that the mailbox has in hand; or from the
 *      beginning, if it needs one.
 * SS3  Once closed it is offered nothing. A call that is on the stack is still counted when it returns.
 */
export class SubscriberState<E extends AnyEvent> implements Addressee<E>, MailboxOwner<Unit<E>, E> {
  readonly who: Who;
  readonly required: boolean;
  readonly named: ReadonlySet<string>;
  readonly all: boolean;
  readonly routes = new Map<Route<E>, number>();
  readonly emitted: ((value: unknown) => void) | undefined;
  readonly #host: SubscriberHost<E, SubscriberState<E>>;
  readonly #of: CheckedSubscriber<E>;
  readonly #report: ReturnType<typeof reporter<E>>;
  /** Whether a delivery that fails for good stops the broker (promise B10). */
  readonly #mayStop: boolean;
  readonly #count: RoutedCount<E>;
  readonly #direct: DirectTally<E>;

  #mailbox: Mailbox<Unit<E>, E> | undefined;
  /** Where its pending events stand in the source, if that asks what is settled and this one is required. */
  #places: Places | undefined;
  #state: 'open' | 'draining' | 'closed' | 'ended' = 'open';
  #isSkipping = false;
  #mayHold = true;
  #unfinished: readonly E[] = [];
  #error: unknown;

  constructor(host: SubscriberHost<E, SubscriberState<E>>, who: Who, of: CheckedSubscriber<E>) {
    this.who = who;
    this.#host = host;
    this.#of = of;
    this.#report = reporter<E>(host.notices, who);
    this.required = of.delivery.required;
    this.emitted = of.emitted;
    this.#mayStop = of.delivery.required && of.delivery.onFailure !== 'continue';
    this.#count = new RoutedCount<E>(this, host.dispatcher.call);
    this.#direct = new DirectTally(this.#count, of.call === undefined);
    const named = of.types.filter((type): type is E['type'] => type !== All);
    this.named = new Set(named);
    this.all = named.length < of.types.length || of.types.length === 0;
    if (of.needsMailbox) this.#openMailbox();
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  get backlog(): number | undefined {
    return this.#mailbox?.pending;
  }

  get mailbox(): Pick<Mailbox<unknown, E>, 'pending' | 'offered' | 'settled' | 'saturated'> | undefined {
    return this.#mailbox;
  }

  /** From now on it holds the places of the events that it has pending. */
  track(): void {
    if (this.#mailbox === undefined) return;
    this.#places = this.#host.settlements.places();
    this.#places?.push(this.#host.settlements.taken, this.#mailbox.pending);
  }

  tally(): Tally {
    return this.#direct.total(this.#mailbox?.tally());
  }

  // ── what its routes call ──

  /** What is called for it, as it is now. */
  get handler(): (event: E) => unknown {
    if (this.#isSkipping) return skipEvent;
    if (this.#of.call === undefined) return this.#takeForBatch;
    const mailbox = this.#mailbox;
    if (mailbox === undefined) return this.#of.call;
    return event => {
      mailbox.offer(event);
    };
  }

  /** It stands in its routes: what is sent from now on is its. */
  begin(): void {
    this.#count.begin();
  }

  takes(route: Route<E>): boolean {
    return this.isOpen && !this.#isSkipping && this.routes.has(route);
  }

  routeClosed(route: Route<E>): void {
    this.#count.routeClosed(route);
  }

  callReturned(event: E, result: unknown): void {
    if (isWork(result)) this.#goAsync(event, { work: result });
  }

  callThrew(unit: Unit<E>, error: unknown): void {
    if (this.#of.delivery.retry !== undefined && !this.#isClosed) {
      this.#goAsync(unit, { error });
      return;
    }
    this.#direct.failed += this.#measure.weigh(unit);
    this.#direct.hasThrown = true;
    this.failed(this.#measure.events(unit), error, 1);
    this.#direct.hasThrown = false;
  }

  batchEnded(): void {
    const batch = this.#direct.gathered;
    this.#direct.gathered = [];
    if (batch.length > 0) this.#hand(batch);
    if (this.#state === 'draining') this.#conclude();
  }

  // ── levels and the end ──

  skip(level: boolean): void {
    this.#isSkipping = level;
    this.#changed();
  }

  hold(level: boolean): void {
    if (this.#mayHold) this.#mailbox?.hold(level);
  }

  /** Nothing is held from now on; what is held waits for `letGo`. */
  ignoreHold(): void {
    this.#mayHold = false;
  }

  /** Delivers what is held: it closes, or the broker is being drained. */
  letGo(): void {
    this.#mayHold = false;
    this.#mailbox?.hold(false);
  }

  /** Accepts nothing more. If it drains, it first finishes what it has accepted (promise B6). */
  close(drains: boolean, error?: unknown): void {
    if (this.#isClosed || (this.#state === 'draining' && drains)) return;
    const wasOpen = this.isOpen;
    if (wasOpen) this.#count.end();
    this.#state = drains ? 'draining' : 'closed';
    this.#error = error;
    if (wasOpen) this.#host.closing(this);
    if (drains && this.#direct.gathered.length > 0) {
      this.#mailbox?.end(true);
      return;
    }
    if (this.#mailbox === undefined) this.#count.addCalled(-this.#direct.gathered.length);
    this.refuse(this.#direct.gathered.splice(0));
    this.#conclude();
  }

  refuse(events: readonly E[]): void {
    const count = events.length;
    if (count === 0) return;
    this.#direct.dropped += count;
    const gap = { count, reason: 'closed', first: events[0]!, last: events[count - 1]! } as const;
    this.notify({ type: 'Dropped', subscriber: this.who, open: false, ...gap });
  }

  // ── what its mailbox calls ──

  start(unit: Unit<E>, signal?: Signal): unknown {
    const { call = this.#of.callBatch } = this.#of;
    // called as a plain function: no receiver
    const handler = call as (unit: Unit<E>, signal?: Signal) => unknown;
    return signal === undefined ? handler(unit) : handler(unit, signal);
  }

  notify(notice: Notice<E>): void {
    this.#host.notices.next(notice);
  }

  saturated(level: boolean): void {
    this.#host.dispatcher.saturated(level);
  }

  accepted(events: number): void {
    this.#places?.push(this.#host.settlements.place, events);
  }

  progressed(): void {
    if (this.#places?.keep(this.#mailbox!.pending) === true) this.#host.settlements.update();
    this.#host.barrier.progressed();
  }

  failed(events: readonly E[], error: unknown, attempts: number): void {
    // whoever hears of it may send: what has failed is not settled by that
    if (this.#mayStop) this.#host.settlements.end();
    if (this.#state !== 'ended') this.#report.failed(events, error, attempts, this.#mayStop && this.#host.isHeard);
    if (this.#mayStop) this.#host.stop(this.who, error);
  }

  threw(error: unknown): void {
    if (this.#state === 'ended') writeError(`${this.who.name}: a teardown threw`, error);
    else this.#report.failed([], error, 1);
  }

  closed(unfinished: readonly E[]): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#unfinished = []; // a closed broker keeps its subscribers
    this.#host.ended(this, unfinished, this.#error);
  }

  // ── inside ──

  get #isClosed(): boolean {
    return this.#state === 'closed' || this.#state === 'ended';
  }

  get #measure(): Measure<Unit<E>, E> {
    return (this.#of.call === undefined ? batchOfEvents : singleEvent) as Measure<Unit<E>, E>;
  }

  readonly #takeForBatch = (event: E): void => {
    if (this.#host.dispatcher.gather(this)) this.#direct.gathered.push(event);
    else this.#hand([event]);
  };

  #hand(batch: readonly E[]): void {
    if (this.#mailbox !== undefined) {
      this.#mailbox.offer(batch, this.#state === 'draining');
      return;
    }
    this.#direct.batch = batch.length;
    try {
      const result = this.start(batch);
      if (isWork(result)) this.#goAsync(batch, { work: result });
    } catch (error) {
      this.#direct.batch = 0;
      this.callThrew(batch, error);
    }
    this.#direct.batch = 0;
  }

  /** The mailbox takes over the delivery that the dispatcher began. */
  #goAsync(unit: Unit<E>, first: FirstTry): void {
    const events = this.#measure.weigh(unit);
    if (this.#isClosed) {
      if ('work' in first) ignoreOutcome(first.work);
      this.#direct.failed += events;
      this.#unfinished = this.#measure.events(unit);
      return;
    }
    const mailbox = this.#openMailbox();
    this.#count.addCalled(-events);
    mailbox.adopt(unit, first, this.#state === 'draining');
  }

  #openMailbox(): Mailbox<Unit<E>, E> {
    const { delivery, stallAfter, sizeOf } = this.#of;
    const mailbox = new Mailbox(this, mailboxSettings(this.#host, delivery, stallAfter, this.#measure, sizeOf));
    this.#mailbox = mailbox;
    if (this.required) this.#places = this.#host.settlements.places();
    this.#host.dispatcher.backlogs.keepers.add(this);
    this.#changed();
    return mailbox;
  }

  /** From now on something else is called for it. */
  #changed(): void {
    this.#count.enter(this.#isSkipping ? 'skipped' : this.#mailbox === undefined ? 'called' : 'mailbox');
    if (this.isOpen) this.#host.dispatcher.routes.patch(this, this.handler);
  }

  /** Nothing more will come: it ends when nothing is in hand. */
  #conclude(): void {
    if (this.#mailbox !== undefined) {
      if (this.#state === 'draining') this.#mailbox.end();
      else this.#mailbox.close();
      this.letGo(); // after its level is clear, so that a source that resumes meets no held backlog
    } else if (this.#direct.inHand > 0) {
      this.#host.dispatcher.later(() => {
        if (this.#mailbox === undefined) this.closed(this.#unfinished);
      });
    } else this.closed([]);
  }
}
