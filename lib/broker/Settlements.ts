import type { Observable } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import { Places } from '../flow/settlement/Places.js';
import { SettledCount } from '../flow/settlement/SettledCount.js';
import { SettledPrefix } from '../flow/settlement/SettledPrefix.js';
import type { Dispatcher } from './Dispatcher.js';

/** A required subscriber. While an event is pending there, it is not settled. */
interface Tracked {
  /** From now on it retains the places of its pending events. */
  track(): void;
}

/** One `receive` call. Its counts continue when its result is subscribed to again. */
export interface Received {
  received: number;
  settled: number;
}

interface Run {
  readonly count: SettledCount;
  readonly call: Received;
  /** How many events came from sources of other calls before. */
  readonly others: number;
  readonly lost: () => void;
}

/**
 * Which events of a source are settled (promises K1, K5).
 *
 *     source ──► place 7 ──► dispatched ──► mailbox of a, mailbox of b ──► finished in both ──► 7 is settled
 *
 * Places are numbered across all sources of the broker. Tracking begins when a source first asks what is settled; all
 * events before that share one place.
 *
 * ST1  A place is retained by its dispatch, and by each required mailbox in which its event is pending.
 * ST2  When the broker stops, or the run ends, counting ends first: events that the closing drops are not settled.
 */
export class Settlements<E extends AnyEvent> {
  readonly #dispatcher: Dispatcher<E>;
  readonly #required: () => Iterable<Tracked>;
  #received = 0;
  #prefix: SettledPrefix | undefined;
  /** The place of the dispatch during which the tracking began; 0 afterwards. */
  #before = 0;
  #run: Run | undefined;

  constructor(dispatcher: Dispatcher<E>, required: () => Iterable<Tracked>) {
    this.#dispatcher = dispatcher;
    this.#required = required;
    dispatcher.call.dispatched = (place, isLost) => {
      // a lost event, and all after it, are never settled
      if (isLost) this.lose();
      this.#release(place);
    };
  }

  /** A source is opened. `lost`: nothing more is settled although its run goes on. */
  open(call: Received, atRest$: Observable<boolean>, lost: () => void): SettledCount {
    const count = new SettledCount(call, () => this.#track(), atRest$);
    this.#run = { count, call, others: this.#received - call.received, lost };
    this.update();
    return count;
  }

  /** The settlement of the source that is received, or of the last one that was. */
  get current(): SettledCount | undefined {
    return this.#run?.count;
  }

  /** Counts an event of the source. Returns its place; 0 without tracking. */
  take(): number {
    const run = this.#run!;
    run.call.received = ++run.count.received;
    this.#received++;
    return this.#prefix === undefined ? 0 : this.#prefix.open();
  }

  /** The places that a mailbox retains; `undefined` without tracking. */
  places(): Places | undefined {
    return this.#prefix && new Places(this.#prefix);
  }

  /** The place of the current event. */
  get place(): number {
    return this.#dispatcher.call.place || this.#before;
  }

  /** The place shared by everything that is pending when the tracking begins. */
  get taken(): number {
    return this.#received;
  }

  /** Events have finished in a mailbox. */
  update(): void {
    if (this.#prefix === undefined) return;
    const { count, call, others } = this.#run!; // it is a source that began the tracking
    const settled = this.#prefix.settled - others;
    if (settled > call.settled) call.settled = settled;
    count.settle(settled);
  }

  /** Nothing more is settled for the current source. What it still emits is counted, and never settled. */
  end(): void {
    this.#run?.count.end();
  }

  /** The same, but the run goes on. */
  lose(): void {
    this.end();
    this.#run?.lost();
  }

  #release(place: number): void {
    this.#prefix!.release(place);
    this.update();
  }

  #track(): void {
    if (this.#prefix !== undefined) return;
    const before = this.#received;
    this.#prefix = new SettledPrefix(before);
    this.#before = before;
    for (const subscriber of this.#required()) subscriber.track();
    this.#dispatcher.later(() => {
      this.#before = 0;
      this.#release(before);
    });
  }
}
