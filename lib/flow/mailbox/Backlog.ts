import { catchRejection } from '../catchRejection.js';
import type { Gap } from '../contract/Gap.js';
import { answerUntold } from '../contract/answerUntold.js';
import type { Who } from '../contract/Notice.js';
import type { Tally } from '../contract/Tally.js';
import { Watermark } from '../level/Watermark.js';
import { BoundedQueue } from './BoundedQueue.js';
import type { InHand } from './InHand.js';
import type { MailboxOwner } from './MailboxOwner.js';
import type { MailboxSettings } from './MailboxSettings.js';
import type { Watched } from './mailboxWatch.js';
import type { Outcome } from './Outcome.js';
import { bytesIn, type Noted } from './Size.js';
import type { OnDropped, UnitQueue } from './UnitQueue.js';

/**
 * The state of a mailbox: the units that wait, the one in hand, and all counts. `Mailbox` decides when units move.
 */
export class Backlog<U, E> implements Watched {
  readonly who: Who;
  /** Changes when a delivery begins or ends. */
  steps = 0;
  offered = 0;
  readonly #owner: MailboxOwner<U, E>;
  readonly #settings: MailboxSettings<U, E>;
  readonly #waiting: UnitQueue<U, E>;
  readonly #inHand: InHand<U, E>;
  readonly #mark: Watermark;
  /** The queue drops nothing and gathers nothing, so a unit may bypass it while nothing is pending. */
  readonly isPlain: boolean;
  readonly #isSized: boolean;
  #isClosed = false;
  #delivered = 0;
  #failed = 0;

  constructor(owner: MailboxOwner<U, E>, settings: MailboxSettings<U, E>, inHand: InHand<U, E>, advance: () => void) {
    this.who = owner.who;
    this.#owner = owner;
    this.#settings = settings;
    this.#inHand = inHand;
    this.#isSized = settings.bytesOf !== undefined;
    this.isPlain = settings.capacity === undefined && settings.queue === undefined;
    this.#mark = new Watermark(settings.highWaterMark, settings.highWaterMarkBytes);
    const onDropped: OnDropped<E> = (gap, open) => this.announce(gap, open);
    this.#waiting = settings.queue?.(onDropped, advance) ?? new BoundedQueue(settings.measure, settings, onDropped);
    answerUntold(settings.missed, () => this.#waiting.unreported());
    this.#waiting.lost = (unit, reason, isNewest) =>
      owner.tap?.dropped(settings.measure.events(unit), reason, isNewest);
  }

  get pending(): number {
    return this.#waiting.events + this.#inHand.events;
  }

  get pendingBytes(): number {
    return this.#waiting.bytes + this.#inHand.bytes;
  }

  get capacityBytes(): number {
    return this.#settings.capacityBytes ?? Infinity;
  }

  get waitingBytes(): number {
    return this.#waiting.bytes;
  }

  get empty(): boolean {
    return this.#waiting.empty;
  }

  get saturated(): boolean {
    return this.#mark.reached;
  }

  /** The oldest pending event, in hand or waiting. */
  get front(): E | undefined {
    const unit = this.#inHand.events > 0 ? this.#inHand.unit : this.#waiting.first;
    return unit === undefined ? undefined : this.#settings.measure.first(unit);
  }

  get behind(): number {
    const { events, first } = this.#waiting;
    return this.#inHand.events > 0 || first === undefined ? events : events - this.#settings.measure.weigh(first);
  }

  tally(): Tally {
    const { dropped } = this.#waiting;
    const [delivered, failed] = [this.#delivered, this.#failed];
    return { offered: this.offered, delivered, failed, dropped, skipped: 0, pending: this.pending };
  }

  /** Counts a unit as offered, and returns how many events it has. `hasBegun`: its delivery began elsewhere. */
  accept(unit: U, hasBegun = false): number {
    const events = this.#settings.measure.weigh(unit);
    this.offered += events;
    this.#owner.accepted?.(events);
    if (!hasBegun) this.#owner.tap?.offered(unit);
    return events;
  }

  /** Whether a unit of this size would alone reach the high-water mark. */
  isAtMark(events: number, size: Noted): boolean {
    return this.#mark.isAt(events, bytesIn(size));
  }

  /** Queues a unit, whatever its size. */
  push(unit: U, events: number, size: Noted): void {
    this.#waiting.push(unit, events, size);
  }

  /** Queues a unit if it fits. Returns whether it did. */
  offer(unit: U, events: number, size: Noted): boolean {
    return this.#waiting.offer(unit, events, size);
  }

  /** Whether a waiting unit may be delivered now. `isFinal`: no more events are worth waiting for. */
  isDue(isFinal: boolean): boolean {
    return !this.empty && (this.isPlain || this.#isDue(isFinal));
  }

  #isDue(isFinal: boolean): boolean {
    return this.#waiting.isDue?.(isFinal || this.#mark.reached) ?? true;
  }

  /** Whether the waiting events are gathering more before their delivery. */
  get isGathering(): boolean {
    return !this.isPlain && this.#waiting.isGathering === true;
  }

  /** Makes everything that waits due now. */
  flush(): void {
    this.#waiting.flush?.();
  }

  /** Emits `Dropped`. `open`: the gap may still grow; otherwise the counts are its totals. */
  announce(gap: Gap<E>, open = false): void {
    this.#owner.notify({ type: 'Dropped', subscriber: this.who, open, ...gap });
  }

  /** Moves the first waiting unit into the slot. If a gap lies before it, reports that instead. */
  takeNext(): void {
    const gap = this.isPlain ? undefined : this.#waiting.takeGap();
    if (gap === undefined) this.#takeFirst();
    else this.#reportMissed(gap);
  }

  /** The unit after the gap still waits: a receiver may close the mailbox, hold it, or offer more. */
  #reportMissed(gap: Gap<E>): void {
    // superseded events get no notice: only their consumer hears of them
    if (gap.reason !== 'superseded') this.announce(gap);
    if (this.#isClosed) return;
    try {
      const returned: unknown = this.#settings.missed?.(gap);
      catchRejection(returned, error => this.#owner.threw(error));
    } catch (error) {
      this.#owner.threw(error);
    }
  }

  #takeFirst(): void {
    const unit = this.#waiting.shift();
    this.steps++;
    this.#inHand.take(unit, this.#settings.measure.weigh(unit), this.#waiting.sizeTaken);
  }

  /** Begins the delivery of the first waiting unit of a direct mailbox, if there is one. The end before it was the step. */
  beginFirst(): void {
    if (this.#waiting.empty) return;
    const unit = this.#waiting.shift();
    this.#inHand.begin(unit, this.#settings.measure.weigh(unit));
  }

  /** Counts the delivery in hand, which has ended. */
  count(outcome: Outcome, error?: unknown): void {
    const inHand = this.#inHand;
    const { unit, events } = inHand;
    if (outcome === 'delivered') this.#delivered += events;
    else this.#failed += events;
    inHand.unit = undefined;
    inHand.events = 0;
    inHand.bytes = 0;
    if (events > 0) this.#owner.tap?.ended(unit as U, outcome, error);
  }

  /** Drops everything that waits, for good. Returns the gaps. */
  clear(): readonly Gap<E>[] {
    this.#isClosed = true;
    return this.#waiting.clear();
  }

  /** Reports whether it is saturated, if that has changed. A mailbox that accepts nothing more is not saturated. */
  relevel(isOpen: boolean): void {
    const { pending } = this;
    const hasChanged = isOpen ? this.#mark.update(pending, this.#isSized ? this.pendingBytes : 0) : this.#mark.clear();
    if (hasChanged) this.#reportLevel(pending);
  }

  #reportLevel(pending: number): void {
    const { reached } = this.#mark;
    this.#owner.notify({ type: reached ? 'Saturated' : 'Clear', subscriber: this.who, pending });
    this.#owner.saturated(reached);
  }
}
