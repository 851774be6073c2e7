import { All } from '../event/All.js';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { FlowTap } from '../flow/contract/FlowTap.js';
import type { Who } from '../flow/contract/Notice.js';
import type { Tally } from '../flow/contract/Tally.js';
import type { FirstTry } from '../flow/mailbox/Outcome.js';
import type { MailboxEngine } from '../flow/mailbox/MailboxEngine.js';
import { ignoreOutcome, isWork } from '../flow/mailbox/Work.js';
import { BatchIntake } from './BatchIntake.js';
import type { CheckedSubscriber } from './checkedSubscriber.js';
import { DirectTally } from './DirectTally.js';
import { RoutedCount } from './RoutedCount.js';
import { skipEvent, type Addressee, type Route } from './Routes.js';
import { SubscriberDelivery, type Unit } from './SubscriberDelivery.js';
import type { SubscriberHost } from './SubscriberHost.js';

/**
 * A subscriber in the broker. Its mode decides which function its routes call, so the dispatcher has nothing to check:
 *
 *     called    the user's own function      its routes count: the difference of two counts
 *        │ it returned work, or threw and may retry
 *     mailbox   offers to the mailbox        the mailbox counts
 *     skipped   does nothing                 its routes count
 *
 * With `nextBatch` the function is `BatchIntake.take`: it gathers the events of a batch, and hands over an event that was
 * sent alone as a batch of one.
 *
 * SS1  offered = delivered + failed + dropped + skipped + pending, at any time, also inside a delivery.
 * SS2  It gets a mailbox at its first asynchronous result, whose delivery the mailbox adopts. Some options need a mailbox
 *      from the beginning.
 * SS3  Once closed it is offered nothing. A call that is on the stack is still counted when it returns.
 */
export class SubscriberState<E extends AnyEvent> implements Addressee<E> {
  readonly who: Who;
  readonly required: boolean;
  readonly named: ReadonlySet<string>;
  readonly all: boolean;
  readonly routes = new Map<Route<E>, number>();
  readonly delivery: SubscriberDelivery<E, SubscriberState<E>>;
  readonly #host: SubscriberHost<E, SubscriberState<E>>;
  readonly #of: CheckedSubscriber<E>;
  /** `undefined` if it takes single events. */
  readonly #batches: BatchIntake<E> | undefined;
  readonly #count: RoutedCount<E>;
  readonly #direct: DirectTally<E>;
  #state: 'open' | 'draining' | 'closed' = 'open';
  #isSkipping = false;
  #unfinished: readonly E[] = [];
  #error: unknown;

  constructor(host: SubscriberHost<E, SubscriberState<E>>, who: Who, of: CheckedSubscriber<E>) {
    this.who = who;
    this.#host = host;
    this.#of = of;
    this.delivery = new SubscriberDelivery(host, who, of, this);
    this.required = of.delivery.required;
    this.#count = new RoutedCount<E>(this, host.dispatcher.call);
    if (of.call === undefined)
      this.#batches = new BatchIntake<E>(
        () => host.dispatcher.gather(this),
        batch => this.#hand(batch),
      );
    this.#direct = new DirectTally(this.#count, this.#batches);
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

  tally(): Tally {
    return this.#direct.total(this.#mailbox?.tally());
  }

  // ── what its routes call ──

  /** From now on `tap` records its deliveries; `undefined` ends that. */
  inspect(tap: FlowTap<E> | undefined): void {
    this.delivery.inspect(tap);
    if (this.isOpen) this.#host.dispatcher.routes.patch(this, this.handler);
  }

  /** The function that its routes call in its current mode. */
  get handler(): (event: E) => unknown {
    const mode = this.#batches === undefined && this.#mailbox === undefined ? 'called' : 'handed';
    return this.delivery.tap?.wrapped(this.#handler, this.#isSkipping ? 'skipped' : mode) ?? this.#handler;
  }

  get #handler(): (event: E) => unknown {
    if (this.#isSkipping) return skipEvent;
    if (this.#batches !== undefined) return this.#batches.take;
    const mailbox = this.#mailbox;
    if (mailbox === undefined) return this.#of.call!;
    const offer = (event: E): void => mailbox.offer(event);
    return this.#host.context === undefined ? offer : event => mailbox.offer(this.delivery.hold(event));
  }

  /** It has joined its routes: it gets what is sent from now on. */
  begin(): void {
    this.#count.begin();
  }

  takes(route: Route<E>): boolean {
    return this.isOpen && !this.#isSkipping && this.routes.has(route);
  }

  routeClosed(route: Route<E>): void {
    this.#count.routeClosed(route);
  }

  callReturned(unit: Unit<E>, result: unknown): void {
    if (!isWork(result)) this.delivery.tap?.ended(unit, 'delivered');
    else if (this.#state === 'closed') this.#cut(unit, result);
    else this.#goAsync(unit, { work: result });
  }

  callThrew(unit: Unit<E>, error: unknown): void {
    if (this.#of.mayGoOn && this.#state !== 'closed') {
      this.#goAsync(unit, { error });
      return;
    }
    this.#direct.failed += this.delivery.measure.weigh(unit);
    this.#direct.hasThrown = true;
    this.delivery.tap?.ended(unit, 'failed', error);
    // closed from inside its call: nobody takes the failure, and it stops nobody
    if (this.#of.mayTake) this.#unfinished = this.delivery.measure.events(unit);
    this.delivery.failed(this.delivery.measure.events(unit), error, 1, this.#of.mayTake);
    this.#direct.hasThrown = false;
  }

  batchEnded(): void {
    const batch = this.#batches!.empty();
    if (batch.length > 0) this.#hand(batch);
    if (this.#state === 'draining') this.#conclude();
  }

  // ── levels and the end ──

  skip(level: boolean): void {
    this.#isSkipping = level;
    this.#changed();
  }

  /** From now on it accepts nothing more. `drains`: it first finishes what it has accepted (promise B6). */
  close(drains: boolean, error?: unknown): void {
    if (this.#state === 'closed' || (this.#state === 'draining' && drains)) return;
    const wasOpen = this.isOpen;
    this.#count.end();
    this.#state = drains ? 'draining' : 'closed';
    this.#error = error;
    if (wasOpen) this.#host.closing(this);
    const { gathered = 0 } = this.#batches ?? {};
    if (drains && gathered > 0) {
      this.#mailbox?.end(true);
      return;
    }
    if (this.#mailbox === undefined) this.#count.addCalled(-gathered);
    if (gathered > 0) this.refuse(this.#batches!.empty());
    this.#conclude();
  }

  refuse(events: readonly E[]): void {
    if (events.length === 0) return;
    this.#direct.dropped += events.length;
    this.delivery.refused(events);
  }

  /** Its last delivery has ended. */
  ended(unfinished: readonly E[]): void {
    this.#state = 'closed';
    this.#unfinished = []; // a closed broker keeps its subscribers, but not their events
    this.#host.ended(this, unfinished, this.#error);
  }

  // ── inside ──

  get #mailbox(): MailboxEngine<Unit<E>> | undefined {
    return this.delivery.mailbox;
  }

  #hand(batch: readonly E[]): void {
    if (this.#mailbox !== undefined) {
      this.#mailbox.offer(batch, this.#state === 'draining');
      return;
    }
    const batches = this.#batches!;
    batches.inCall = batch.length;
    const { tap } = this.delivery;
    tap?.offered(batch);
    tap?.began(batch, 1);
    try {
      this.callReturned(batch, this.delivery.start(batch));
    } catch (error) {
      batches.inCall = 0;
      this.callThrew(batch, error);
    }
    batches.inCall = 0;
  }

  /** It was closed inside the call that returned this work. */
  #cut(unit: Unit<E>, work: object): void {
    ignoreOutcome(work);
    this.#direct.failed += this.delivery.measure.weigh(unit);
    this.delivery.tap?.ended(unit, 'cut');
    this.#unfinished = this.delivery.measure.events(unit);
  }

  /** The mailbox takes over the delivery that the dispatcher began. */
  #goAsync(unit: Unit<E>, first: FirstTry): void {
    const mailbox = this.#openMailbox();
    this.#count.addCalled(-this.delivery.measure.weigh(unit));
    mailbox.adopt!(this.delivery.hold(unit), first, this.#state === 'draining');
  }

  #openMailbox(): MailboxEngine<Unit<E>> {
    const mailbox = this.delivery.openMailbox();
    this.#host.dispatcher.backlogs.keepers.add(this);
    this.#changed();
    return mailbox;
  }

  /** Its mode has changed: its routes get the function of the new mode. */
  #changed(): void {
    this.#count.enter(this.#isSkipping ? 'skipped' : this.#mailbox === undefined ? 'called' : 'mailbox');
    if (this.isOpen) this.#host.dispatcher.routes.patch(this, this.handler);
  }

  /** Nothing more will come: ends the subscriber when nothing is in hand. */
  #conclude(): void {
    if (this.#mailbox !== undefined) {
      if (this.#state === 'draining') this.#mailbox.end();
      else this.#mailbox.close();
      this.delivery.release(); // after its level is clear: so a source that resumes finds no held backlog
    } else if (this.#direct.inHand > 0) {
      this.#host.dispatcher.later(() => {
        if (this.#mailbox === undefined) this.delivery.closed(this.#unfinished);
      });
    } else this.delivery.closed([]);
  }
}
