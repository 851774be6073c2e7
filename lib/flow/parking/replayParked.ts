import { Subscription, type Observable, type Subscriber } from 'rxjs';
import { OptionError } from '../contract/OptionError.js';
import { aFunction, checkOptions, count } from '../contract/options.js';
import type { Parked, ReplayParkedOptions } from '../contract/Parking.js';
import type { OpenedSource } from '../contract/Pausable.js';
import type { Settlement } from '../contract/Settlement.js';
import { leased } from '../lease.js';
import { ignoreOutcome } from '../mailbox/Work.js';
import { fromPull } from '../pull/fromPull.js';
import { writeError } from '../reporter.js';
import { askRest } from '../settlement/askRest.js';
import { noSettlement } from '../settlement/noSettlement.js';
import { settledBy } from '../settlement/settledBy.js';
import { subscribeOwned } from '../subscribeOwned.js';
import type { ParkingStore } from './ParkingStore.js';
import { orderKeyOf, type Replayed, type ReplayedEvents } from './ReplayedEvents.js';

/** Events that are read at a time. */
const PAGE = 100;

/**
 * Emits parked events again, and removes them when they are settled.
 *
 *     store ──read a page──► only? ──► emitted ──► consumer ──settled──► removed, several at a time
 *
 * RP1  One replay of a parking runs at a time. The next one waits until the settled events of the previous one are removed.
 * RP2  After an event that is left out, or stays parked, no later event of its key is emitted.
 * RP3  A replay emits the events that were parked when it began, and events that were parked after them without an attempt
 *      since then. Events that failed since then are left out: so a consumer that always fails does not keep it running.
 */
export const replayParked = <E>(
  store: ParkingStore<E>,
  replayed: ReplayedEvents<E>,
  options: ReplayParkedOptions<E>,
): OpenedSource<E> => {
  const checked = checkOptions('replay', options, { only: aFunction, limit: count(1) });
  return (pause$, settlement) =>
    leased(store.key, (subscriber, end) => {
      const replay = new Replay(store, replayed, checked, subscriber, settlement ?? noSettlement('replay'));
      subscriber.add(() => void replay.left().then(end));
      replay.run(pause$);
    });
};

class Replay<E> {
  readonly #store: ParkingStore<E>;
  readonly #replayed: ReplayedEvents<E>;
  readonly #options: ReplayParkedOptions<E>;
  readonly #subscriber: Subscriber<E>;
  readonly #settlement: Settlement;
  readonly #given: ReturnType<typeof settledBy<Replayed<E>>>;
  /** Emitted and not settled yet, in order. */
  readonly #unsettled: Replayed<E>[] = [];
  /** Settled and not removed yet. */
  #removable: string[] = [];
  #removal = Promise.resolve();
  #isAtRest = false;
  #wake = (): void => undefined;
  #unlock: Promise<() => Promise<void>> | undefined;

  constructor(
    store: ParkingStore<E>,
    replayed: ReplayedEvents<E>,
    options: ReplayParkedOptions<E>,
    subscriber: Subscriber<E>,
    settlement: Settlement,
  ) {
    this.#store = store;
    this.#replayed = replayed;
    this.#options = options;
    this.#subscriber = subscriber;
    this.#settlement = settlement;
    this.#given = settledBy<Replayed<E>>(subscriber, settlement, upTo => this.#settled(upTo));
  }

  run(pause$: Observable<boolean>): void {
    this.#replayed.begin(this.#settlement);
    const events$ = fromPull(() => this.#read(), { pause$ });
    subscribeOwned(this.#subscriber, events$, {
      next: parked => {
        const replayed = this.#replayed.given(parked);
        this.#unsettled.push(replayed);
        this.#given(replayed, () => this.#subscriber.next(parked.event));
      },
      error: error => this.#subscriber.error(error),
      complete: () => this.#given.complete(),
    });
  }

  /** The consumer has unsubscribed. Resolves when everything is released. */
  async left(): Promise<void> {
    this.#replayed.clear();
    this.#wake();
    try {
      await this.#removal;
    } catch {
      // the consumer got the error, or it was written to the console
    }
    try {
      await this.#unlocked();
    } catch (error) {
      writeError('a parking could not be unlocked after a replay', error);
    }
  }

  async #unlocked(): Promise<void> {
    // if locking failed, the consumer got the error
    const unlock = await this.#unlock?.catch(() => undefined);
    this.#unlock = undefined;
    await unlock?.();
  }

  async *#read(): AsyncGenerator<Parked<E>> {
    this.#unlock = this.#store.lock?.();
    await this.#unlock;
    yield* this.#events();
    // unlocks before it completes: after that, the user may close the connection
    await this.#allSettled();
    await this.#unlocked();
  }

  async *#events(): AsyncGenerator<Parked<E>> {
    const last = await this.#store.last();
    const { limit = Infinity } = this.#options;
    const passed = new Set<string | undefined>();
    let after: string | undefined;
    let isNews = last !== undefined;
    let given = 0;
    while (isNews && !this.#subscriber.closed) {
      isNews = false;
      for (;;) {
        const page = await this.#store.read(after, PAGE);
        if (page.length === 0) break;
        for (const parked of page) {
          if (given === limit) return;
          after = parked.id;
          if (!this.#isDue(parked, last!, passed)) continue;
          isNews = true;
          given++;
          yield parked;
        }
      }
      await this.#allSettled();
    }
  }

  #isDue(parked: Parked<E>, last: string, passed: Set<string | undefined>): boolean {
    const key = orderKeyOf(parked);
    const isNew = isAbove(parked.id, last) && parked.error !== undefined;
    const isPassed = key !== undefined && (passed.has(key) || this.#replayed.isKept(key));
    if (!isPassed && !isNew && this.#isWanted(parked)) return true;
    passed.add(key);
    return false;
  }

  #isWanted(parked: Parked<E>): boolean {
    const wanted: unknown = this.#options.only?.(parked.event, parked) ?? true;
    if (typeof wanted === 'boolean') return wanted;
    ignoreOutcome(wanted);
    throw new OptionError('only', 'a function that returns true or false', wanted);
  }

  /** Waits until all emitted events are removed, or stay unsettled for good. */
  async #allSettled(): Promise<void> {
    const asking = this.#askRest();
    while (!this.#subscriber.closed && this.#given.unsettled > 0 && !this.#isAtRest)
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    asking.unsubscribe();
    await this.#removal;
  }

  /** Each wait asks anew: then the consumer hands over what it gathers. */
  #askRest(): Subscription {
    const asking = new Subscription();
    this.#isAtRest = false;
    if (this.#given.unsettled > 0)
      askRest(asking, this.#subscriber, this.#settlement, isAtRest => {
        this.#isAtRest = isAtRest;
        this.#wake();
      });
    return asking;
  }

  #settled(upTo: Replayed<E>): Promise<void> {
    for (let first = this.#unsettled.shift(); first !== undefined; first = this.#unsettled.shift()) {
      this.#replayed.settled(first);
      if (!first.isKept) this.#removable.push(first.parked.id);
      if (first === upTo) break;
    }
    const removal = this.#removal.then(() => this.#remove());
    this.#removal = removal;
    // `settledBy` handles a rejection of the returned Promise
    removal.catch(() => undefined);
    queueMicrotask(() => this.#wake());
    return removal;
  }

  async #remove(): Promise<void> {
    const ids = this.#removable;
    this.#removable = [];
    if (ids.length > 0) await this.#store.remove(ids);
  }
}

/** Compares ids: decimal numbers of any length. */
const isAbove = (id: string, other: string): boolean =>
  id.length === other.length ? id > other : id.length > other.length;
