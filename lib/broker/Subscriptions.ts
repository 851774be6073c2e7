import { Subject, Subscription, type NextObserver, type SchedulerLike } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import { followLevel } from '../flow/level/followLevel.js';
import { serialize } from '../flow/serialize.js';
import { office } from '../flow/mailbox/mailboxFor.js';
import type { Notice } from '../flow/contract/Notice.js';
import { nameOf, notifier, reporter, writeError } from '../flow/reporter.js';
import type { BrokerSubscription } from './BrokerSubscription.js';
import { Closings } from './Closings.js';
import type { Desk } from './Desk.js';
import type { Dispatcher } from './Dispatcher.js';
import { Ids } from './Ids.js';
import { SubscriberState } from './SubscriberState.js';
import type { CheckedSubscriber } from './checkedSubscriber.js';

/** How a registration ends: without an error, or with the one that ended it. */
type OnEnd = (error: unknown) => void;

/** Stands in the order of notices for their end. */
const END = Symbol('end');

interface Entry<E> {
  readonly subscription: BrokerSubscription;
  readonly levels: Subscription;
  readonly failed: ReturnType<typeof reporter<E>>['failed'];
  readonly end: OnEnd | undefined;
}

/**
 * Who is in the broker, and who is leaving it.
 *
 *     register ──► members (by id) ──► close ──► leaving (id free) ──► what it has is done ──► left
 *                                        └── at once where nothing is to be done
 *
 * Members stay listed when the broker itself closes: its last snapshot shows them.
 */
export class Subscriptions<E extends AnyEvent> {
  readonly #notices = new Subject<Notice<E>>();
  readonly #notify = notifier<E>(this.#notices);
  /** One notice after the other, their end the last, so that all who listen see one order (as events do, B9). */
  readonly #tell = serialize<Notice<E> | typeof END>(notice => {
    if (notice === END) this.#end();
    else this.#notify(notice);
  });
  /** What happens to members; completes when the last one has left for good. */
  readonly notices$ = this.#notices.asObservable();
  readonly members = new Map<number, SubscriberState<E>>();
  readonly closing = new Set<SubscriberState<E>>();
  readonly #entries = new Map<SubscriberState<E>, Entry<E>>();
  readonly #dispatcher: Dispatcher<E>;
  readonly #desk: Desk<E, SubscriberState<E>>;
  readonly #ids = new Ids();
  readonly #closings = new Closings();
  readonly #observer: NextObserver<Notice<E>> & { readonly observed: boolean };
  #key = 0;
  #closing = false;

  constructor(
    dispatcher: Dispatcher<E>,
    scheduler: SchedulerLike,
    on: {
      /** Some backlog made progress; `rests`: it has nothing left, or its owner has left. */
      readonly progress: (rests: boolean) => void;
      /** A delivery that must not fail has failed for good. Whether its error reaches somebody is asked first. */
      readonly heard: () => boolean;
      readonly stop: (member: SubscriberState<E>, error: unknown) => void;
    },
  ) {
    this.#dispatcher = dispatcher;
    const notices$ = this.#notices;
    this.#observer = {
      next: this.#tell,
      get observed() {
        return notices$.observed;
      },
    };
    const base = office<E>(scheduler, this.#tell, dispatcher.maxPending);
    this.#desk = {
      ...base,
      watch: {
        startWait: (box, stallAfter) => {
          base.watch.startWait(box, stallAfter);
          on.progress(false);
        },
        endWait: box => {
          base.watch.endWait(box);
          on.progress(true);
        },
      },
      position: dispatcher,
      gather: member => dispatcher.gathered?.add(member) !== undefined,
      patch: (member, handler) => {
        dispatcher.routes.patch(member, handler);
      },
      waits: member => {
        dispatcher.waiters.add(member);
      },
      saturation: up => {
        dispatcher.saturation(up);
      },
      failed: (member, events, error, attempts) => {
        this.#entries.get(member)?.failed(events, error, attempts, member.stops && on.heard());
        if (member.stops) on.stop(member, error);
      },
      broken: (member, error) => {
        const entry = this.#entries.get(member);
        // work that stopped the broker by its error, and throws as it lets go: its subscriber has left
        if (entry === undefined) writeError(`${member.who.name}: a teardown threw`, error);
        else entry.failed([], error, 1);
      },
      leaves: member => {
        this.#leaves(member);
      },
      left: (member, unfinished, error) => {
        this.#left(member, unfinished, error);
        on.progress(true);
      },
      later: then => {
        dispatcher.later(then);
      },
    };
  }

  register(membership: CheckedSubscriber<E>, end?: OnEnd): BrokerSubscription {
    const { delivery, closed$, drainsOnClose } = membership;
    const id = this.#ids.take();
    const who = { id, key: ++this.#key, name: nameOf(delivery.name, `subscriber ${String(id)}`) };
    const member = new SubscriberState<E>(this.#desk, who, membership);
    const close = (): void => {
      member.close(drainsOnClose);
    };
    const levels = new Subscription();
    const subscription = Object.assign(new Subscription(close), { id });
    const { failed } = reporter<E>(this.#observer, who);
    this.#entries.set(member, { subscription, levels, failed, end });
    this.members.set(id, member);
    this.#dispatcher.routes.add(member, member.handler);
    this.#dispatcher.join(member);
    member.begins();

    let announced = false;
    const early: unknown[] = [];
    const broken = (error: unknown): void => {
      if (!announced) {
        early.push(error);
        return;
      }
      failed([], error, 1);
      member.close(false, error);
    };
    // the levels first: who hears of it may send
    const { skip$, hold$ } = delivery;
    if (skip$ !== undefined) levels.add(followLevel(skip$, level => member.skip(level), broken));
    if (hold$ !== undefined) levels.add(followLevel(hold$, level => member.hold(level), broken));
    announced = true;
    this.#tell({ type: 'Subscribed', subscriber: who });
    for (const error of early) if (member.open) broken(error);
    if (closed$ !== undefined) this.#closings.add(levels, closed$, close, broken);
    return subscription;
  }

  subscription(id: number): BrokerSubscription | undefined {
    const member = this.members.get(id);
    return member === undefined ? undefined : this.#entries.get(member)?.subscription;
  }

  /** All that have mailboxes, or may have: registered or leaving. */
  *all(): Generator<SubscriberState<E>> {
    yield* this.members.values();
    yield* this.closing;
  }

  /** Where deliveries may wait. */
  *mailboxes(): Generator<NonNullable<SubscriberState<E>['mailbox']>> {
    for (const { mailbox } of this.all()) if (mailbox !== undefined) yield mailbox;
  }

  /** Closes everybody at once, for good; they stay listed. */
  closeAll(error: unknown): void {
    this.#closing = true;
    for (const member of [...this.all()]) member.close(false, error);
    this.#completeIfEmpty();
  }

  #leaves(member: SubscriberState<E>): void {
    const { id } = member.who;
    if (!this.#closing) {
      this.members.delete(id);
      this.#ids.free(id);
    }
    this.closing.add(member);
    this.#dispatcher.leave(member);
    const entry = this.#entries.get(member);
    entry?.levels.unsubscribe();
    try {
      entry?.subscription.unsubscribe();
    } catch (error) {
      // a teardown that somebody added to the subscription
      entry?.failed([], error, 1);
    }
  }

  #left(member: SubscriberState<E>, unfinished: readonly E[], error: unknown): void {
    this.closing.delete(member);
    this.#dispatcher.waiters.delete(member);
    const entry = this.#entries.get(member);
    this.#entries.delete(member);
    this.#tell({ type: 'Closed', subscriber: member.who, tally: member.tally(), unfinished });
    entry?.end?.(error);
    this.#completeIfEmpty();
  }

  #end(): void {
    try {
      this.#notices.complete();
    } catch (error) {
      writeError('an observer of notices threw at their end', error);
    }
  }

  #completeIfEmpty(): void {
    if (this.#closing && this.#entries.size === 0) this.#tell(END);
  }
}
