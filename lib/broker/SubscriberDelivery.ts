import type { AnyEvent } from '../event/AnyEvent.js';
import type { DeliveryTap } from '../flow/contract/DeliveryTap.js';
import type { FlowTap } from '../flow/contract/FlowTap.js';
import type { Notice, Who } from '../flow/contract/Notice.js';
import type { Settlement } from '../flow/contract/Settlement.js';
import type { Signal } from '../flow/contract/Signal.js';
import type { MailboxEngine } from '../flow/mailbox/MailboxEngine.js';
import { openMailbox } from '../flow/mailbox/openMailbox.js';
import type { MailboxOwner } from '../flow/mailbox/MailboxOwner.js';
import { mailboxSettings } from '../flow/mailbox/MailboxSettings.js';
import { batchOfEvents, singleEvent, type Measure } from '../flow/mailbox/Measure.js';
import { reporter, writeError } from '../flow/reporter.js';
import type { Places } from '../flow/settlement/Places.js';
import type { CheckedSubscriber } from './checkedSubscriber.js';
import type { SubscriberHost } from './SubscriberHost.js';

/** An event, or a batch for a subscriber that takes batches. */
export type Unit<E> = E | readonly E[];

/**
 * Delivers to a subscriber: calls its handler, opens its mailbox at the first asynchronous result, and reports the outcome
 * of each delivery to the broker.
 */
export class SubscriberDelivery<E extends AnyEvent, S> implements MailboxOwner<Unit<E>, E> {
  readonly who: Who;
  readonly emitted: ((value: unknown) => void) | undefined;
  mailbox: MailboxEngine<Unit<E>> | undefined;
  /** Records its deliveries while the broker is inspected. */
  tap: DeliveryTap<Unit<E>, E> | undefined;
  readonly #host: SubscriberHost<E, S>;
  readonly #of: CheckedSubscriber<E>;
  readonly #handler: (unit: Unit<E>, signal?: Signal) => unknown;
  readonly #report: ReturnType<typeof reporter<E>>;
  /** Whether a delivery that fails for good stops the broker (promise B10). */
  readonly #mayStop: boolean;
  readonly #subscriber: { ended(unfinished: readonly E[]): void };
  /** The places of its pending events in the source; only for a required subscriber, and if the source tracks them. */
  #places: Places | undefined;
  /** The context in which a subscriber with `nextBatch` is called: that of its `subscribe`. */
  readonly #own: object | undefined;
  #hasEnded = false;
  #mayHold = true;
  #isFrozen = false;

  constructor(
    host: SubscriberHost<E, S>,
    who: Who,
    of: CheckedSubscriber<E>,
    subscriber: { ended(unfinished: readonly E[]): void },
  ) {
    this.who = who;
    this.emitted = of.emitted;
    this.#host = host;
    this.#of = of;
    this.#handler = (of.call ?? of.callBatch) as (unit: Unit<E>, signal?: Signal) => unknown;
    this.#report = reporter<E>(host.notices, who);
    this.#mayStop = of.delivery.required && of.delivery.onFailure !== 'continue';
    this.#subscriber = subscriber;
    if (of.call === undefined) this.#own = host.context?.hold(undefined);
  }

  get measure(): Measure<Unit<E>, E> {
    const single = this.#host.context?.measure ?? singleEvent;
    return (this.#of.call === undefined ? batchOfEvents : single) as Measure<Unit<E>, E>;
  }

  get settlement(): Settlement | undefined {
    return this.#host.settlements.current;
  }

  openMailbox(): MailboxEngine<Unit<E>> {
    const { delivery, stallAfter, sizeOf, late } = this.#of;
    const settings = mailboxSettings(this.#host, delivery, stallAfter, this.measure, sizeOf);
    this.mailbox = openMailbox(this, late?.applied(settings) ?? settings);
    if (delivery.required) this.#places = this.#host.settlements.places();
    return this.mailbox;
  }

  /** From now on the places of its pending events are retained. */
  track(): void {
    if (this.mailbox === undefined) return;
    this.#places = this.#host.settlements.places();
    const { offered, settled } = this.mailbox;
    this.#places!.push(this.#host.settlements.taken, offered - settled);
  }

  /** From now on `tap` records its deliveries; `undefined` ends that. */
  inspect(tap: FlowTap<E> | undefined): void {
    const { pending = 0, saturated = false, held = false } = this.mailbox ?? {};
    const { who, measure } = this;
    const { delivery, types, stallAfter, call } = this.#of;
    const served = { required: delivery.required, delivery, types, stallAfter, takesBatches: call === undefined };
    this.tap = tap?.consumer({ who, measure, pending, saturated, held, ...served });
  }

  /** What its mailbox gets: with the option `context`, an event together with the context of its `send`. */
  hold(unit: Unit<E>): Unit<E> {
    return this.#of.call === undefined ? unit : ((this.#host.context?.hold(unit) ?? unit) as Unit<E>);
  }

  /** While `level` is `true`, waiting events are not delivered. */
  setHeld(level: boolean): void {
    if (!this.#mayHold) return;
    this.tap?.held(level);
    this.mailbox!.hold(level); // `hold$` opens it from the beginning
  }

  /** Ignores `hold$` from now on. What it holds already stays held until `release`. */
  ignoreHold(): void {
    this.#mayHold = false;
  }

  /** Ends the hold: the subscriber closes, or the broker drains. */
  release(): void {
    this.#mayHold = false;
    this.tap?.held(false);
    if (!this.#isFrozen) this.mailbox?.release();
  }

  /** The broker closes: no delivery begins any more, even if user code runs before this subscriber is closed (promise B6). */
  freeze(): void {
    this.#mayHold = false;
    this.#isFrozen = true;
    this.mailbox?.hold(true);
  }

  start(unit: Unit<E>, signal?: Signal): unknown {
    const { context } = this.#host;
    if (context === undefined) return this.#call(unit, signal);
    return context.runIn(this.#own ?? unit, () =>
      this.#call(this.#own === undefined ? this.measure.first(unit) : unit, signal),
    );
  }

  #call(unit: Unit<E>, signal?: Signal): unknown {
    // called as a plain function: no receiver
    const handler = this.#handler;
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
    if (this.#places !== undefined) this.#settlePlaces(this.#places);
    this.#host.barrier.progressed();
    this.#host.changed();
  }

  #settlePlaces(places: Places): void {
    const { offered, settled } = this.mailbox!;
    if (places.keep(offered - settled)) this.#host.settlements.update();
  }

  failed(events: readonly E[], error: unknown, attempts: number, isTaken = false): void {
    const willStop = this.#mayStop && !isTaken;
    // before the report: an observer of it may send, or end another delivery, which must neither settle the failed event
    // nor end a wait for it
    if (willStop) {
      this.#host.settlements.end();
      this.#host.barrier.close();
    }
    if (!this.#hasEnded) this.#report.failed(events, error, attempts, willStop && this.#host.isHeard);
    if (willStop) this.#host.stop(this.who, error);
  }

  /** Reports events that the subscriber will not get, as a closed gap. `events` is not empty. */
  refused(events: readonly E[]): void {
    this.tap?.refused(events);
    const [first, last] = [events[0]!, events.at(-1)!];
    const gap = { count: events.length, reason: 'closed', first, last } as const;
    this.notify({ type: 'Dropped', subscriber: this.who, open: false, ...gap });
  }

  threw(error: unknown): void {
    if (this.#hasEnded) writeError(`${this.who.name}: a teardown threw`, error);
    else this.#report.failed([], error, 1);
  }

  closed(unfinished: readonly E[]): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.tap?.closed();
    this.#subscriber.ended(unfinished);
  }
}
