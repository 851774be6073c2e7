import { Subscription, takeWhile, type Observable } from 'rxjs';
import { subscribeOwned, isolated } from '../subscribeOwned.js';
import { BoundedQueue } from './BoundedQueue.js';
import type { MailboxOptions } from './MailboxOptions.js';
import { PendingBytes } from './PendingBytes.js';
import type { Tally } from '../contract/Tally.js';
import { Watermark } from '../level/Watermark.js';
import { ignoreOutcome, outcomeOf, workOf } from './Work.js';

/**
 * A bounded FIFO before one consumer: at most one delivery in hand, drained by a loop, counting what happens to
 * everything that it is offered.
 *
 *                      waiting                        in hand
 *     offer ──► [ u₄  gap  u₃  u₂ ] ──► not held? ──► u₁ ──► start ──► done: delivered | failed
 *        └──► dropped                                          ╰──► Work: until it completes
 *
 * M1  At most one delivery is in hand; units begin in the order in which they were offered.
 * M2  offered = delivered + failed + dropped + pending, at every call out.
 * M3  pending = events waiting + events in hand.
 * M4  With a capacity, at most so many events wait; a larger unit is taken only when nothing is in hand or waits.
 * M5  It is saturated from `highWaterMark` pending events or `highWaterMarkBytes` pending bytes on, until half of both
 *     are left; never once closed.
 * M6  Whenever nobody is inside: something waits only if it is held or something is in hand.
 * M7  Once closed, nothing begins, and nothing that ends is counted twice.
 */
export class Mailbox<U, E> {
  readonly #options: MailboxOptions<U, E>;
  readonly #mark: Watermark;
  readonly #bytes: PendingBytes<U>;
  /** Never drops, so that no gap has to be told before a unit. */
  readonly #direct: boolean;
  readonly #waiting: BoundedQueue<U, E>;

  #busy = false;
  #inHand: U | undefined;
  #inHandEvents = 0;
  /** `start` is on the stack: how it goes is not known yet. */
  #starting = false;
  #closeLater = false;
  #work: Subscription | undefined;
  /** Number of the delivery in hand: what ends under an older number is not heard. */
  #turn = 0;

  #held = false;
  #draining = false;
  #state: 'open' | 'ending' | 'closed' = 'open';

  readonly #counts = { offered: 0, delivered: 0, failed: 0 };

  constructor(options: MailboxOptions<U, E>) {
    this.#options = options;
    this.#mark = new Watermark(options.highWaterMark, options.highWaterMarkBytes);
    this.#bytes = new PendingBytes(options.bytesOf);
    this.#direct = options.capacity === undefined;
    this.#waiting = new BoundedQueue(options.unit, options, options.dropped);
  }

  get pending(): number {
    return this.#waiting.events + this.#inHandEvents;
  }

  get saturated(): boolean {
    return this.#mark.reached;
  }

  get closed(): boolean {
    return this.#state === 'closed';
  }

  /** The first event that is pending, in hand or not. */
  get front(): E | undefined {
    const unit = this.#busy ? this.#inHand : this.#waiting.first;
    return unit === undefined ? undefined : this.#options.unit.first(unit);
  }

  /** Events behind the front one's unit. */
  get behind(): number {
    const { events, first } = this.#waiting;
    return this.#busy || first === undefined ? events : events - this.#options.unit.weigh(first);
  }

  /** Events that are done with, one way or the other: those offered first are, for nothing overtakes. */
  get settled(): number {
    return this.#counts.offered - this.pending;
  }

  get offered(): number {
    return this.#counts.offered;
  }

  tally(): Tally {
    return { ...this.#counts, dropped: this.#waiting.dropped, skipped: 0, pending: this.pending };
  }

  /** Takes a unit, maybe the last: begins it at once where nothing is before it, keeps it, or drops what does not fit. */
  offer(unit: U, last = false): void {
    if (this.#state !== 'open') return;
    if (last) this.#state = 'ending';
    const events = this.#options.unit.weigh(unit);
    this.#counts.offered += events;
    this.#bytes.push(unit);
    const idle = !this.#busy && this.#waiting.empty;
    if (idle && !this.#held && !this.#draining && this.#direct && !this.#mark.isAt(events, this.#bytes.total)) {
      // past the queue: no gap is open, no level changes
      this.#drain(unit, events);
      return;
    }
    if (idle && !this.#held) this.#waiting.push(unit, events);
    else if (!this.#waiting.offer(unit, events)) return;
    this.#relevel();
    this.#drain();
    if (idle && this.#held) this.#options.progress?.(this.pending);
  }

  /** Takes over a delivery that began elsewhere, how its first try went, and whether it is the last. Nothing may be pending. */
  adopt(unit: U, outcome: () => unknown, last: boolean): void {
    const events = this.#options.unit.weigh(unit);
    if (last) this.#state = 'ending';
    this.#counts.offered += events;
    this.#bytes.push(unit);
    this.#take(unit, events);
    const turn = this.#turn;
    this.#relevel();
    if (this.#inHandIs(turn)) this.#settle(unit, outcome, turn);
    else ignoreOutcome(outcome);
    this.#drain();
  }

  hold(held: boolean): void {
    this.#held = held;
    this.#drain();
  }

  /** Accepts nothing more; is closed when what it has is done. */
  end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ending';
    this.#relevel();
    this.#drain();
  }

  /** At once: what waits is dropped, the delivery in hand is unsubscribed and counted failed (promise B6). */
  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    const gaps = this.#waiting.clear();
    const work = this.#work;
    const unfinished = this.#busy && !this.#starting ? [this.#release(false)] : [];
    this.#bytes.clear();
    this.#relevel();
    work?.unsubscribe();
    for (const gap of gaps) this.#options.dropped?.(gap, false);
    // from inside its own delivery: closed when that one has returned
    if (this.#starting) this.#closeLater = true;
    else this.#finallyClosed(unfinished);
  }

  #finallyClosed(unfinished: readonly U[]): void {
    this.#closeLater = false;
    this.#options.progress?.(0);
    this.#options.closed?.(unfinished);
  }

  /** Begins `first`, of so many events, where there is one; then what waits. */
  #drain(first?: U, events = 0): void {
    if (this.#draining) return;
    this.#draining = true;
    try {
      if (events > 0) this.#begin(first as U, events);
      while (!this.#busy && !this.#waiting.empty && !this.#held) {
        // told while the unit still waits: who hears of it may close, hold, or offer more
        const gap = this.#waiting.takeGap();
        if (gap === undefined) {
          const unit = this.#waiting.shift();
          this.#begin(unit, this.#options.unit.weigh(unit));
        } else {
          this.#options.dropped?.(gap, false);
          this.#options.missed?.(gap);
        }
      }
    } finally {
      this.#draining = false;
    }
    if (this.#state === 'ending' && !this.#busy && this.#waiting.empty) this.close();
  }

  #take(unit: U, events: number): void {
    this.#busy = true;
    this.#inHand = unit;
    this.#inHandEvents = events;
    this.#turn++;
  }

  #begin(unit: U, events: number): void {
    this.#take(unit, events);
    const turn = this.#turn;
    this.#starting = true;
    const outcome = outcomeOf(this.#options.start, unit);
    this.#starting = false;
    if (outcome === undefined) this.#finish(true);
    else this.#settle(unit, outcome, turn);
  }

  /** Waits for the work of a first try, or for what `again` makes of it. */
  #settle(unit: U, outcome: () => unknown, turn: number): void {
    const { again, value } = this.#options;
    const { closed } = this;
    if (closed) ignoreOutcome(outcome);
    let work$: Observable<unknown>;
    try {
      work$ = workOf(again === undefined || closed ? outcome() : again(unit, outcome));
    } catch (error) {
      this.#finish(false, error);
      return;
    }
    if (closed) {
      // closed from inside its own delivery: work that it leaves behind is not begun
      this.#release(false);
      this.#finallyClosed([unit]);
      return;
    }
    const stillMine = () => this.#inHandIs(turn);
    // The next delivery begins when this one's work has let go of what it held (as in concatMap); an error is told at once.
    let then: (() => unknown) | undefined;
    let attached = false;
    // A gate for work that emits: what emits without end inside `subscribe` can be left only from within.
    const work = subscribeOwned(
      new Subscription(),
      value === undefined ? work$ : isolated(work$, this.#options.broken).pipe(takeWhile(stillMine)),
      {
        next: emitted => value?.(emitted),
        error: (error: unknown) => {
          if (!stillMine()) return;
          const draining = this.#draining;
          this.#draining = true;
          this.#fail(error);
          this.#draining = draining;
          then = () => this.#goOn();
        },
        complete: () => {
          then = () => stillMine() && this.#finish(true);
        },
      },
      this.#options.broken,
      () => attached && then?.(),
    );
    attached = true;
    if (then === undefined && stillMine()) {
      this.#work = work;
      this.#options.progress?.(this.pending);
    }
    if (work.closed) then?.();
    if (!stillMine()) work.unsubscribe();
  }

  #inHandIs(turn: number): boolean {
    return this.#busy && turn === this.#turn;
  }

  #release(done: boolean): U {
    const unit = this.#inHand as U;
    if (done) this.#counts.delivered += this.#inHandEvents;
    else this.#counts.failed += this.#inHandEvents;
    this.#busy = false;
    this.#inHand = undefined;
    this.#inHandEvents = 0;
    this.#work = undefined;
    this.#bytes.shift();
    return unit;
  }

  #finish(done: boolean, error?: unknown): void {
    if (done) {
      this.#release(true);
      this.#relevel();
    } else this.#fail(error);
    this.#goOn();
  }

  #fail(error: unknown): void {
    this.#options.failed(this.#release(false), error);
    this.#relevel();
  }

  /** After a delivery: the next one, or what waited for this one. */
  #goOn(): void {
    this.#options.progress?.(this.pending);
    if (this.#closeLater) this.#finallyClosed([]);
    else this.#drain();
  }

  #relevel(): void {
    const { pending } = this;
    const changed = this.#state === 'open' ? this.#mark.update(pending, this.#bytes.total) : this.#mark.clear();
    if (changed) this.#options.level?.(this.#mark.reached, pending);
  }
}
