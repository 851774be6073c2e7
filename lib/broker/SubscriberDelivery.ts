import type { AnyEvent } from '../event/AnyEvent.js';
import type { Notice, Who } from '../flow/contract/Notice.js';
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
 * Delivers to a subscriber: calls its handler, has its mailbox from the first asynchronous result on, and reports to the
 * broker what became of the deliveries.
 */
export class SubscriberDelivery<E extends AnyEvent, S> implements MailboxOwner<Unit<E>, E> {
  readonly who: Who;
  readonly emitted: ((value: unknown) => void) | undefined;
  mailbox: MailboxEngine<Unit<E>> | undefined;
  readonly #host: SubscriberHost<E, S>;
  readonly #of: CheckedSubscriber<E>;
  readonly #report: ReturnType<typeof reporter<E>>;
  /** Whether a delivery that fails for good stops the broker (promise B10). */
  readonly #mayStop: boolean;
  readonly #subscriber: { ended(unfinished: readonly E[]): void };
  /** Where its pending events stand in the source, if that asks what is settled and the subscriber is required. */
  #places: Places | undefined;
  /** The context of a subscriber that takes batches. */
  readonly #own: object | undefined;
  #hasEnded = false;

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
    this.#report = reporter<E>(host.notices, who);
    this.#mayStop = of.delivery.required && of.delivery.onFailure !== 'continue';
    this.#subscriber = subscriber;
    if (of.call === undefined) this.#own = host.context?.hold(undefined);
  }

  get measure(): Measure<Unit<E>, E> {
    const single = this.#host.context?.measure ?? singleEvent;
    return (this.#of.call === undefined ? batchOfEvents : single) as Measure<Unit<E>, E>;
  }

  openMailbox(): MailboxEngine<Unit<E>> {
    const { delivery, stallAfter, sizeOf } = this.#of;
    this.mailbox = openMailbox(this, mailboxSettings(this.#host, delivery, stallAfter, this.measure, sizeOf));
    if (delivery.required) this.#places = this.#host.settlements.places();
    return this.mailbox;
  }

  /** From now on the mailbox holds the places of the events that it has pending. */
  track(): void {
    if (this.mailbox === undefined) return;
    this.#places = this.#host.settlements.places();
    const { offered, settled } = this.mailbox;
    this.#places?.push(this.#host.settlements.taken, offered - settled);
  }

  /** What its mailbox is given: an event with the context of its `send`, if that is wanted. */
  hold(unit: Unit<E>): Unit<E> {
    return this.#of.call === undefined ? unit : ((this.#host.context?.hold(unit) ?? unit) as Unit<E>);
  }

  start(unit: Unit<E>, signal?: Signal): unknown {
    const { context } = this.#host;
    if (context === undefined) return this.#call(unit, signal);
    return context.runIn(this.#own ?? unit, () =>
      this.#call(this.#own === undefined ? this.measure.first(unit) : unit, signal),
    );
  }

  #call(unit: Unit<E>, signal?: Signal): unknown {
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
    if (this.#places !== undefined) this.#settlePlaces(this.#places);
    this.#host.barrier.progressed();
    this.#host.changed();
  }

  #settlePlaces(places: Places): void {
    const { offered, settled } = this.mailbox!;
    if (places.keep(offered - settled)) this.#host.settlements.update();
  }

  failed(events: readonly E[], error: unknown, attempts: number): void {
    // whoever hears of it may send: what has failed is not settled by that
    if (this.#mayStop) this.#host.settlements.end();
    if (!this.#hasEnded) this.#report.failed(events, error, attempts, this.#mayStop && this.#host.isHeard);
    if (this.#mayStop) this.#host.stop(this.who, error);
  }

  threw(error: unknown): void {
    if (this.#hasEnded) writeError(`${this.who.name}: a teardown threw`, error);
    else this.#report.failed([], error, 1);
  }

  closed(unfinished: readonly E[]): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#subscriber.ended(unfinished);
  }
}
