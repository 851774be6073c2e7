import type { Who } from '../contract/Notice.js';
import type { Tally } from '../contract/Tally.js';
import { BoundedQueue } from './BoundedQueue.js';
import { InHand, type FirstTry, type Outcome } from './InHand.js';
import type { MailboxOwner } from './MailboxOwner.js';
import type { MailboxSettings } from './MailboxSettings.js';
import { Saturation } from './Saturation.js';
import { StallReport } from './StallReport.js';

/** What specs see of a mailbox after a move. */
export type Moved = Pick<Mailbox<unknown, unknown>, 'pending' | 'saturated' | 'held' | 'idle' | 'closed' | 'tally'>;

/**
 * A bounded FIFO in front of one consumer. It has at most one delivery in hand, and counts what happens to everything
 * that it is offered.
 *
 *                      waiting                       in hand
 *     offer ──► [ u₄  gap  u₃  u₂ ] ──► not held ──► u₁ ──► start ──► delivered or failed
 *        └──► dropped                                         └► work: when it has completed
 *
 * Every method changes the state first, and then calls `#advance`, which alone moves it on.
 *
 * MB1  At most one delivery is in hand. Units begin in the order in which they were offered.
 * MB2  offered = delivered + failed + dropped + pending, whenever it calls its owner.
 * MB3  pending = events waiting + events in hand.
 * MB4  With a capacity, at most that many events wait. A larger unit is taken only if nothing is in hand or waits.
 * MB5  It is saturated from `highWaterMark` pending events or `highWaterMarkBytes` pending bytes on, until half of both
 *      are left. Once it ends it is not.
 * MB6  Between two calls, something waits only if the mailbox is held or a delivery is in hand.
 * MB7  Once closed, nothing begins, and nothing that ends is counted twice.
 */
export class Mailbox<U, E> {
  /** Called after each move: specs check MB2 to MB7 there. */
  static moved: ((mailbox: Moved) => void) | undefined;

  readonly #owner: MailboxOwner<U, E>;
  readonly #settings: MailboxSettings<U, E>;
  readonly #saturation: Saturation<U>;
  readonly #stalls: StallReport;
  readonly #waiting: BoundedQueue<U, E>;
  readonly #inHand: InHand<U, E>;
  readonly #counts = { offered: 0, delivered: 0, failed: 0 };
  #isHeld = false;
  /**
   * `last`: one more unit is offered at most. `closing`: closed from inside its own delivery, whose call has not returned
   * yet.
   */
  #state: 'open' | 'last' | 'ending' | 'closing' | 'closed' = 'open';
  /** `#advance` is on the stack. */
  #isAdvancing = false;
  /** What was in hand when it was closed from inside its own delivery. */
  #unfinished: readonly U[] = [];

  constructor(owner: MailboxOwner<U, E>, settings: MailboxSettings<U, E>) {
    this.#owner = owner;
    this.#settings = settings;
    this.#saturation = new Saturation(settings);
    this.#stalls = new StallReport(settings.watch, settings.stallAfter, this);
    this.#waiting = new BoundedQueue(settings.measure, settings, (gap, open) =>
      owner.notify({ type: 'Dropped', subscriber: owner.who, open, ...gap }),
    );
    this.#inHand = new InHand(
      settings,
      owner,
      error => this.#settle('failed', error),
      () => this.#advance(),
    );
  }

  get who(): Who {
    return this.#owner.who;
  }

  get pending(): number {
    return this.#waiting.events + this.#inHand.events;
  }

  get saturated(): boolean {
    return this.#saturation.reached;
  }

  get held(): boolean {
    return this.#isHeld;
  }

  get idle(): boolean {
    return this.#inHand.phase === 'idle';
  }

  get closed(): boolean {
    return this.#state === 'closed' || this.#state === 'closing';
  }

  /** The first event that is pending, in hand or not. */
  get front(): E | undefined {
    const unit = this.#inHand.events > 0 ? this.#inHand.unit : this.#waiting.first;
    return unit === undefined ? undefined : this.#settings.measure.first(unit);
  }

  /** How many events wait after the front one's unit. */
  get behind(): number {
    const { events, first } = this.#waiting;
    return this.#inHand.events > 0 || first === undefined ? events : events - this.#settings.measure.weigh(first);
  }

  get offered(): number {
    return this.#counts.offered;
  }

  /** How many events have finished, in whatever way. Nothing overtakes, so they are those that were offered first. */
  get settled(): number {
    return this.#counts.offered - this.pending;
  }

  /** Changes when a delivery begins or ends. */
  get steps(): number {
    return this.#stalls.steps;
  }

  tally(): Tally {
    return { ...this.#counts, dropped: this.#waiting.dropped, skipped: 0, pending: this.pending };
  }

  /** Takes a unit, which may be the last: delivers it, lets it wait, or drops what does not fit. */
  offer(unit: U, isLast = false): void {
    if (this.#state !== 'open' && this.#state !== 'last') return;
    if (isLast) this.#state = 'ending';
    const events = this.#accept(unit);
    const isFirst = this.idle && this.#waiting.empty;
    if (isFirst && !this.#isHeld) {
      // past the queue where no gap is open and the level stays
      const isPlain = !this.#isAdvancing && this.#settings.capacity === undefined;
      if (isPlain && !this.#saturation.isAt(events)) {
        this.#inHand.take(unit, events);
        this.#advance();
        return;
      }
      this.#waiting.push(unit, events);
    } else if (!this.#waiting.offer(unit, events)) return;
    this.#relevel();
    if (isFirst) this.#advance();
  }

  /** Takes over a delivery whose first try was made elsewhere, and which may be the last. Nothing may be pending. */
  adopt(unit: U, first: FirstTry, isLast: boolean): void {
    if (isLast) this.#state = 'ending';
    this.#inHand.take(unit, this.#accept(unit));
    this.#stalls.steps++;
    this.#isAdvancing = true;
    this.#relevel();
    this.#inHand.continue(first);
    this.#isAdvancing = false;
    this.#advance();
  }

  hold(held: boolean): void {
    this.#isHeld = held;
    this.#advance();
  }

  /** One more unit is offered, the last one: it holds nobody back from now on. */
  expectLast(): void {
    if (this.#state !== 'open') return;
    this.#state = 'last';
    this.#relevel();
  }

  /** Accepts nothing more, and closes when everything pending has finished. */
  end(): void {
    if (this.#state !== 'open' && this.#state !== 'last') return;
    this.#state = 'ending';
    this.#relevel();
    this.#advance();
  }

  /** Closes immediately: drops what waits, cuts off the delivery in hand and counts it as failed (promise B6). */
  close(): void {
    if (this.closed) return;
    const { unit, events } = this.#inHand;
    const isCut = this.#inHand.cancel();
    this.#state = isCut ? 'closed' : 'closing';
    const gaps = this.#waiting.clear();
    this.#saturation.clear();
    if (isCut) this.#count('cut');
    this.#relevel();
    this.#inHand.release();
    for (const gap of gaps) this.#owner.notify({ type: 'Dropped', subscriber: this.who, open: false, ...gap });
    if (isCut) this.#finallyClosed(events > 0 ? [unit as U] : []);
  }

  #finallyClosed(unfinished: readonly U[]): void {
    this.#state = 'closed';
    this.#stalls.end();
    this.#owner.progressed();
    this.#owner.closed(unfinished.flatMap(unit => this.#settings.measure.events(unit)));
  }

  #accept(unit: U): number {
    const events = this.#settings.measure.weigh(unit);
    this.#counts.offered += events;
    this.#saturation.push(unit);
    return events;
  }

  /** Moves on until something is waited for, one delivery after the other. Closes if the last one has finished. */
  #advance(): void {
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    while (this.#move());
    this.#isAdvancing = false;
    this.#stalls.update(this.pending > 0);
    if (this.#state === 'ending' && this.idle && this.#waiting.empty) this.close();
    Mailbox.moved?.(this);
  }

  /** One move. Says whether there may be another. */
  #move(): boolean {
    const inHand = this.#inHand;
    switch (inHand.phase) {
      case 'ready':
        inHand.try();
        return true;
      case 'ended':
        if (inHand.outcome !== undefined) this.#settle(inHand.outcome, inHand.error);
        inHand.free();
        this.#stalls.steps++;
        this.#owner.progressed();
        if (this.#state === 'closing') this.#finallyClosed(this.#unfinished);
        return true;
      case 'idle':
        return !this.#isHeld && !this.#waiting.empty && this.#takeNext();
      default:
        return false;
    }
  }

  #takeNext(): true {
    // reported while the unit still waits: whoever is told may close, hold or offer more
    const gap = this.#waiting.takeGap();
    if (gap === undefined) {
      const unit = this.#waiting.shift();
      this.#stalls.steps++;
      this.#inHand.take(unit, this.#settings.measure.weigh(unit));
      return true;
    }
    this.#owner.notify({ type: 'Dropped', subscriber: this.who, open: false, ...gap });
    try {
      if (!this.closed) this.#settings.missed?.(gap);
    } catch (error) {
      this.#owner.threw(error);
    }
    return true;
  }

  /** The delivery in hand is counted; its work may still have to release what it holds. */
  #settle(outcome: Outcome, error: unknown): void {
    const { unit, tries } = this.#inHand;
    this.#count(outcome);
    if (outcome === 'failed') this.#owner.failed(this.#settings.measure.events(unit as U), error, tries);
    if (outcome === 'cut') this.#unfinished = [unit as U];
    this.#relevel();
  }

  #count(outcome: Outcome): void {
    const inHand = this.#inHand;
    if (outcome === 'delivered') this.#counts.delivered += inHand.events;
    else this.#counts.failed += inHand.events;
    inHand.unit = undefined;
    inHand.events = 0;
    this.#saturation.shift();
  }

  #relevel(): void {
    const { pending } = this;
    const hasChanged = this.#saturation.update(pending, this.#state === 'open');
    if (!hasChanged) return;
    const { reached } = this.#saturation;
    this.#owner.notify({ type: reached ? 'Saturated' : 'Clear', subscriber: this.who, pending });
    this.#owner.saturated(reached);
  }
}
