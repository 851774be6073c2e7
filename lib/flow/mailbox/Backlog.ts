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
 * What is pending in a mailbox, and what became of the rest: the units that wait, the one in hand, and the counts of all.
 * It moves nothing by itself.
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
  /** Nothing is dropped, and nothing waits while nothing is in hand. */
  readonly isPlain: boolean;
  readonly #isSized: boolean;
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
    answerUntold(settings.missed, () => this.#waiting.untold());
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

  /** Nothing waits. */
  get empty(): boolean {
    return this.#waiting.empty;
  }

  get saturated(): boolean {
    return this.#mark.reached;
  }

  /** The first event that is pending, in hand or not. */
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

  /** Counts a unit as offered: how many events it has. `hasBegun`: it was offered elsewhere. */
  accept(unit: U, hasBegun = false): number {
    const events = this.#settings.measure.weigh(unit);
    this.offered += events;
    this.#owner.accepted?.(events);
    if (!hasBegun) this.#owner.tap?.offered(unit);
    return events;
  }

  /** Whether a unit that comes while nothing is pending changes the level. */
  isAtMark(events: number, size: Noted): boolean {
    return this.#mark.isAt(events, bytesIn(size));
  }

  /** Lets a unit wait, whatever its size. */
  push(unit: U, events: number, size: Noted): void {
    this.#waiting.push(unit, events, size);
  }

  /** Lets it wait if it fits. Says whether it does. */
  offer(unit: U, events: number, size: Noted): boolean {
    return this.#waiting.offer(unit, events, size);
  }

  /** Takes out the gap before the first that waits. */
  takeGap(): Gap<E> | undefined {
    return this.isPlain ? undefined : this.#waiting.takeGap();
  }

  /** Whether something waits that may be delivered. `isFinal`: there is nothing to wait for. */
  isDue(isFinal: boolean): boolean {
    return !this.empty && (this.isPlain || this.#isDue(isFinal));
  }

  #isDue(isFinal: boolean): boolean {
    return this.#waiting.isDue?.(isFinal || this.#mark.reached) ?? true;
  }

  /** Whether what waits waits for more. */
  get isGathering(): boolean {
    return !this.isPlain && this.#waiting.isGathering === true;
  }

  /** What waits now is due. */
  flush(): void {
    this.#waiting.flush?.();
  }

  /** Announces a gap, unless it was superseded: that is no news to anybody else. */
  tell(gap: Gap<E>): void {
    if (gap.reason !== 'superseded') this.announce(gap);
  }

  /** Announces a gap, with its totals. */
  announce(gap: Gap<E>, open = false): void {
    this.#owner.notify({ type: 'Dropped', subscriber: this.who, open, ...gap });
  }

  /** Tells the consumer of a gap. */
  missed(gap: Gap<E>): void {
    try {
      const returned: unknown = this.#settings.missed?.(gap);
      catchRejection(returned, error => this.#owner.threw(error));
    } catch (error) {
      this.#owner.threw(error);
    }
  }

  /** Takes the first that waits into hand. */
  takeFirst(): void {
    const unit = this.#waiting.shift();
    this.steps++;
    this.#inHand.take(unit, this.#settings.measure.weigh(unit), this.#waiting.sizeTaken);
  }

  /** What is in hand is counted. */
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

  /** Drops what waits. */
  clear(): readonly Gap<E>[] {
    return this.#waiting.clear();
  }

  /** Reports whether it is saturated, if that has changed. A mailbox that takes nothing more is not. */
  relevel(isOpen: boolean): void {
    const { pending } = this;
    const hasChanged = isOpen ? this.#mark.update(pending, this.#isSized ? this.pendingBytes : 0) : this.#mark.clear();
    if (hasChanged) this.#tellLevel(pending);
  }

  #tellLevel(pending: number): void {
    const { reached } = this.#mark;
    this.#owner.notify({ type: reached ? 'Saturated' : 'Clear', subscriber: this.who, pending });
    this.#owner.saturated(reached);
  }
}
