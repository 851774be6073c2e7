import { Subscription, type SchedulerLike } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { DeliveryContext } from '../flow/contract/DeliveryContext.js';
import type { FlowTap } from '../flow/contract/FlowTap.js';
import type { Who } from '../flow/contract/Notice.js';
import { disposable } from '../flow/disposable.js';
import { followLevel } from '../flow/level/followLevel.js';
import { mailboxWatch, type MailboxWatch } from '../flow/mailbox/mailboxWatch.js';
import { nameOf } from '../flow/reporter.js';
import type { BrokerSubscription } from './BrokerSubscription.js';
import type { CheckedSubscriber } from './checkedSubscriber.js';
import { Closings } from './Closings.js';
import type { CompletionBarrier } from './CompletionBarrier.js';
import type { Dispatcher } from './Dispatcher.js';
import { Ids } from './Ids.js';
import type { Inspectable } from './Inspectable.js';
import type { NoticeLog } from './NoticeLog.js';
import type { Phase } from './Phase.js';
import { Settlements } from './Settlements.js';
import type { SubscriberHost } from './SubscriberHost.js';
import { SubscriberState } from './SubscriberState.js';

/** Called when a registration ends; `error` is `undefined` unless an error ended it. */
type OnEnd = (error: unknown) => void;

/** What belongs to a subscriber until it has ended. */
interface Entry {
  readonly subscription: BrokerSubscription;
  /** Its `skip$`, `hold$`, `closed$` and `signal`. */
  readonly levels: Subscription;
  readonly end: OnEnd | undefined;
}

/** The parts of a broker that its subscribers use. */
interface Parts<E extends AnyEvent> {
  readonly phase: Phase;
  readonly dispatcher: Dispatcher<E>;
  readonly notices: NoticeLog<E>;
  readonly barrier: CompletionBarrier;
  readonly scheduler: SchedulerLike;
  readonly context: DeliveryContext | undefined;
  readonly isHeard: () => boolean;
  readonly stop: (who: Who, error: unknown) => void;
  readonly changed: () => void;
}

/**
 * The subscribers of a broker, open or closing, and their ids.
 *
 *     register ──► open, by id ──► closing (its id is free) ──► the deliveries in flight have finished ──► ended
 *
 * When the broker closes, its subscribers stay listed: the last snapshot shows them.
 */
export class Subscriptions<E extends AnyEvent> implements SubscriberHost<E, SubscriberState<E>>, Inspectable<E> {
  readonly dispatcher: Dispatcher<E>;
  readonly notices: NoticeLog<E>;
  readonly barrier: CompletionBarrier;
  readonly settlements: Settlements<E>;
  readonly scheduler: SchedulerLike;
  readonly context: DeliveryContext | undefined;
  readonly watch: MailboxWatch;
  readonly maxPending: number;
  readonly stop: Parts<E>['stop'];
  readonly changed: Parts<E>['changed'];
  readonly #phase: Phase;
  readonly #isHeard: () => boolean;
  readonly #open = new Map<number, SubscriberState<E>>();
  readonly #closing = new Set<SubscriberState<E>>();
  readonly #entries = new Map<SubscriberState<E>, Entry>();
  readonly #ids = new Ids();
  readonly #closings = new Closings();
  #lastKey = 0;

  constructor(parts: Parts<E>) {
    this.dispatcher = parts.dispatcher;
    this.notices = parts.notices;
    this.barrier = parts.barrier;
    this.settlements = new Settlements(parts.dispatcher, () => this.#required());
    this.scheduler = parts.scheduler;
    this.context = parts.context;
    this.maxPending = parts.dispatcher.backlogs.maxPending;
    this.watch = mailboxWatch<E>(parts.scheduler, notice => parts.notices.next(notice));
    this.stop = parts.stop;
    this.changed = parts.changed;
    this.#phase = parts.phase;
    this.#isHeard = parts.isHeard;
  }

  get isHeard(): boolean {
    return this.#isHeard();
  }

  /** Registers a subscriber. `opened` gets the subscription before a replay can call the subscriber. */
  register(
    of: CheckedSubscriber<E>,
    end?: OnEnd,
    opened?: (subscription: BrokerSubscription) => void,
  ): BrokerSubscription {
    return this.#add(of, end, opened).subscription;
  }

  /** Registers a loop. Returns a function that leaves it immediately, without settling the event in hand. */
  registerLoop(of: CheckedSubscriber<E>, end: OnEnd): () => void {
    const { state } = this.#add(of, end);
    return () => {
      if (!this.#entries.has(state)) return;
      if (state.required) this.settlements.lose();
      state.close(false);
    };
  }

  #add(
    of: CheckedSubscriber<E>,
    end: OnEnd | undefined,
    opened?: (subscription: BrokerSubscription) => void,
  ): { readonly state: SubscriberState<E>; readonly subscription: BrokerSubscription } {
    const id = this.#ids.take();
    const who = { id, key: ++this.#lastKey, name: nameOf(of.delivery.name, `subscriber ${id}`) };
    const state = new SubscriberState<E>(this, who, of);
    const close = (): void => state.close(of.drainsOnClose);
    const levels = new Subscription();
    const subscription = disposable(Object.assign(new Subscription(close), { id }), Symbol.dispose, () =>
      subscription.unsubscribe(),
    ) as BrokerSubscription;
    this.#entries.set(state, { subscription, levels, end });
    this.#open.set(id, state);
    state.delivery.inspect(this.notices.tap);
    if (of.late === undefined) {
      this.dispatcher.join(state, state.handler);
      state.begin();
    }
    this.changed();

    // levels are read before `Subscribed` is emitted, since its observers may send; their errors are reported after it
    const early: unknown[] = [];
    let fail = (error: unknown): void => void early.push(error);
    const onError = (error: unknown): void => fail(error);
    const { skip$, hold$ } = of.delivery;
    if (skip$ !== undefined) levels.add(followLevel(skip$, level => state.skip(level), onError));
    if (hold$ !== undefined) levels.add(followLevel(hold$, level => state.delivery.setHeld(level), onError));
    fail = error => {
      // closed by an error, not by its owner: the events that it drops are not settled
      if (state.required) this.settlements.lose();
      state.delivery.threw(error);
      state.close(false, error);
    };
    this.notices.next({ type: 'Subscribed', subscriber: who });
    for (const error of early) if (state.isOpen) fail(error);
    if (of.closed$ !== undefined) this.#closings.add(levels, of.closed$, close, fail);
    if (of.signal !== undefined) this.#closings.addSignal(levels, of.signal, close, fail);
    opened?.(subscription);
    try {
      of.late?.begin(state);
    } catch (error) {
      // also for an error of another dispatch: the caller gets no subscription, so nobody else could close it
      state.close(false, error);
      throw error;
    }
    return { state, subscription };
  }

  subscription(id: number): BrokerSubscription | undefined {
    const state = this.#open.get(id);
    return state && this.#entries.get(state)?.subscription;
  }

  /** The subscribers that a snapshot shows: those that are open, or were when the broker closed. */
  listed(): Iterable<SubscriberState<E>> {
    return this.#open.values();
  }

  /** All subscribers that may still have deliveries: listed or closing. */
  *all(): Generator<SubscriberState<E>> {
    yield* this.#open.values();
    yield* this.#closing;
  }

  /** The mailboxes of all subscribers, or of the required ones. */
  *mailboxes(required = false): Generator<NonNullable<SubscriberState<E>['delivery']['mailbox']>> {
    for (const state of this.all()) {
      const { mailbox } = state.delivery;
      if (mailbox !== undefined && (state.required || !required)) yield mailbox;
    }
  }

  *#required(): Generator<SubscriberState<E>['delivery']> {
    for (const state of this.all()) if (state.required) yield state.delivery;
  }

  inspect(tap: FlowTap<E> | undefined): void {
    this.notices.tap = tap;
    for (const state of this.all()) state.inspect(tap);
  }

  /** Closes every subscriber immediately. */
  closeAll(error: unknown): void {
    const all = [...this.all()];
    for (const { delivery } of all) delivery.freeze();
    for (const state of all) state.close(false, error);
    this.#endIfEmpty();
  }

  closing(state: SubscriberState<E>): void {
    const { id } = state.who;
    if (this.#phase.name !== 'closed') {
      this.#open.delete(id);
      this.#ids.free(id);
    }
    this.#closing.add(state);
    this.changed();
    this.dispatcher.leave(state);
    const { levels, subscription } = this.#entries.get(state)!;
    levels.unsubscribe();
    try {
      subscription.unsubscribe();
    } catch (error) {
      // a teardown that a user added to the subscription
      state.delivery.threw(error);
    }
  }

  ended(state: SubscriberState<E>, unfinished: readonly E[], error: unknown): void {
    this.#closing.delete(state);
    this.dispatcher.backlogs.keepers.delete(state);
    const { end } = this.#entries.get(state)!;
    this.#entries.delete(state);
    this.notices.next({ type: 'Closed', subscriber: state.who, tally: state.tally(), unfinished });
    end?.(error);
    this.#endIfEmpty();
    this.barrier.progressed();
  }

  #endIfEmpty(): void {
    if (this.#phase.name === 'closed' && this.#entries.size === 0) this.notices.end();
  }
}
