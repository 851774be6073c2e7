import type { Gap } from '../../flow/contract/Gap.js';
import { BoundedQueue } from '../../flow/mailbox/BoundedQueue.js';
import { joined } from '../../flow/mailbox/Gaps.js';
import type { MailboxSettings } from '../../flow/mailbox/MailboxSettings.js';
import type { Measure } from '../../flow/mailbox/Measure.js';
import type { Noted, Size } from '../../flow/mailbox/Size.js';
import type { OnLost, UnitQueue } from '../../flow/mailbox/UnitQueue.js';
import { RingBuffer } from '../../flow/RingBuffer.js';

/** How a queue tells replayed units from sent ones. */
interface Replaying {
  /** Whether the unit that is being offered is replayed. */
  readonly isReplaying: () => boolean;
  /** The most events of one delivery. */
  readonly maxSize: number;
}

/**
 * The queue of a late optional subscriber: first the replayed units, without a bound, then the sent ones, with its bounds.
 *
 *     waits    [ replayed  replayed ]  [ gap  sent  sent ]
 *               bounded by the log       bounded by the subscriber
 *
 * RQ1  Replayed units come before all sent ones. They are never dropped for lack of room, and take no capacity.
 */
export class ReplayedQueue<U, E> implements UnitQueue<U, E> {
  sizeTaken: Size = 0;
  readonly #measure: Measure<U, E>;
  readonly #of: Replaying;
  readonly #sent: UnitQueue<U, E>;
  readonly #units = new RingBuffer<U>();
  #events = 0;
  #dropped = 0;
  #lost: OnLost<U> | undefined;

  constructor(measure: Measure<U, E>, of: Replaying, sent: UnitQueue<U, E>) {
    this.#measure = measure;
    this.#of = of;
    this.#sent = sent;
  }

  set lost(lost: OnLost<U> | undefined) {
    this.#lost = lost;
    this.#sent.lost = lost;
  }

  get events(): number {
    return this.#events + this.#sent.events;
  }

  get bytes(): number {
    return this.#sent.bytes;
  }

  get dropped(): number {
    return this.#dropped + this.#sent.dropped;
  }

  get empty(): boolean {
    return this.#events === 0 && this.#sent.empty;
  }

  get first(): U | undefined {
    return this.#events > 0 ? this.#units.at(0) : this.#sent.first;
  }

  get isGathering(): boolean {
    return this.#sent.isGathering === true;
  }

  push(unit: U, events: number, noted: Noted): void {
    if (this.#of.isReplaying()) this.#replayed(unit, events);
    else this.#sent.push(unit, events, noted);
  }

  offer(unit: U, events: number, noted: Noted): boolean {
    if (!this.#of.isReplaying()) return this.#sent.offer(unit, events, noted);
    this.#replayed(unit, events);
    return true;
  }

  takeGap(most?: number): Gap<E> | undefined {
    return this.#events > 0 ? undefined : this.#sent.takeGap(most);
  }

  shift(): U {
    if (this.#events === 0) {
      const unit = this.#sent.shift();
      this.sizeTaken = this.#sent.sizeTaken;
      return unit;
    }
    const unit = this.#units.shift() as U;
    this.#events -= this.#measure.weigh(unit);
    this.sizeTaken = 0;
    return unit;
  }

  unreported(): Gap<E>[] {
    const gaps = this.#sent.unreported();
    const count = this.#events;
    if (count === 0) return gaps;
    const first = this.#measure.first(this.#units.at(0) as U);
    const last = this.#measure.last(this.#units.at(this.#units.length - 1) as U);
    const sent = gaps.at(-1)?.reason === 'closed' ? gaps.pop() : undefined;
    return [...gaps, joined({ count, reason: 'closed', first, last }, sent)!];
  }

  clear(): readonly Gap<E>[] {
    const gaps = this.unreported();
    this.#sent.clear();
    for (let i = 0; i < this.#units.length; i++) this.#lost?.(this.#units.at(i) as U, 'closed', false);
    this.#dropped += this.#events;
    this.#events = 0;
    this.#units.clear();
    return gaps;
  }

  isDue(isFinal: boolean): boolean {
    return this.#events > 0 || this.#sent.isDue?.(isFinal) !== false;
  }

  flush(): void {
    this.#sent.flush?.();
  }

  #replayed(unit: U, events: number): void {
    const { maxSize } = this.#of;
    this.#events += events;
    if (events <= maxSize) this.#units.push(unit);
    else {
      // only a batch has more than one event
      const batch = unit as readonly E[];
      for (let i = 0; i < events; i += maxSize) this.#units.push(batch.slice(i, i + maxSize) as U);
    }
  }
}

/** The settings of a mailbox that accepts replayed units beyond its bounds. A required one drops nothing anyway. */
export const withReplayed = <U, E>(settings: MailboxSettings<U, E>, of: Replaying): MailboxSettings<U, E> => {
  const { measure, bytesOf, queue, capacity } = settings;
  if (capacity === undefined) return settings;
  return {
    ...settings,
    bytesOf: bytesOf && (unit => (of.isReplaying() ? 0 : bytesOf(unit))),
    queue: (onDropped, advance) =>
      new ReplayedQueue(measure, of, queue?.(onDropped, advance) ?? new BoundedQueue(measure, settings, onDropped)),
  };
};
