import type { Overflow } from '../contract/Delivery.js';
import type { Gap } from '../contract/Gap.js';
import { Gaps } from './Gaps.js';
import { RingBuffer } from '../RingBuffer.js';
import type { Measure } from './Measure.js';
import { bytesIn, type Noted, type Size } from './Size.js';
import type { OnDropped, OnLost, UnitQueue } from './UnitQueue.js';

/** The most events and bytes that may wait. */
export interface QueueBound<U> {
  readonly capacity?: number | undefined;
  readonly capacityBytes?: number | undefined;
  readonly overflow?: Overflow | object | undefined;
  /** Whether units have sizes. */
  readonly bytesOf?: ((unit: U) => Noted) | undefined;
}

/**
 * The default queue of a mailbox: units in order, at most `capacity` events and `capacityBytes` bytes. It keeps the gaps
 * between them that overflow has left. Without a capacity nothing is dropped. Counts are in events.
 */
export class BoundedQueue<U, E> implements UnitQueue<U, E> {
  sizeTaken: Size = 0;
  lost: OnLost<U> | undefined;
  readonly #unit: Measure<U, E>;
  readonly #capacity: number;
  readonly #capacityBytes: number;
  readonly #overflow: Overflow;
  readonly #onDropped: OnDropped<E>;
  readonly #units = new RingBuffer<U>();
  readonly #sizes: RingBuffer<Size> | undefined;
  readonly #gaps: Gaps<E> | undefined;
  #events = 0;
  #bytes = 0;
  #dropped = 0;

  constructor(unit: Measure<U, E>, bound: QueueBound<U>, onDropped: OnDropped<E>) {
    this.#unit = unit;
    this.#capacity = bound.capacity ?? Infinity;
    this.#capacityBytes = bound.capacityBytes ?? Infinity;
    this.#overflow = (bound.overflow as Overflow | undefined) ?? 'dropNewest';
    this.#onDropped = onDropped;
    if (bound.bytesOf !== undefined) this.#sizes = new RingBuffer();
    if (bound.capacity !== undefined) this.#gaps = new Gaps();
  }

  get events(): number {
    return this.#events;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get dropped(): number {
    return this.#dropped;
  }

  get empty(): boolean {
    return this.#units.length === 0;
  }

  get first(): U | undefined {
    return this.#units.at(0);
  }

  /** Whether the first unit may join the batch of the one just taken: no gap lies between them, and its size is known. */
  get isJoined(): boolean {
    return this.#gaps?.first === undefined && typeof (this.#sizes?.at(0) ?? 0) === 'number';
  }

  push(unit: U, events: number, size: Noted): void {
    this.#units.push(unit);
    this.#events += events;
    if (this.#sizes !== undefined) {
      this.#sizes.push(size as Size);
      this.#bytes += bytesIn(size);
    }
    this.#gaps?.pushed();
  }

  takeGap(): Gap<E> | undefined {
    return this.#gaps?.takeFirst();
  }

  shift(): U {
    this.#gaps?.shifted();
    return this.#shiftUnit();
  }

  /** Queues `unit` if it fits; with `dropOldest`, older units are dropped to make room. Returns whether it was queued. */
  offer(unit: U, events: number, size: Noted): boolean {
    if (this.#gaps === undefined) {
      this.push(unit, events, size);
      return true;
    }
    const bytes = bytesIn(size);
    const isTooLarge = events > this.#capacity || bytes > this.#capacityBytes;
    if (isTooLarge || (this.#overflow === 'dropNewest' && !this.#fits(events, bytes))) {
      const gap = this.#drop(unit, true);
      if (this.#gaps.dropNewest(gap)) this.#onDropped(gap, true);
      return false;
    }
    let hasOpened = false;
    while (!this.#fits(events, bytes)) {
      if (this.#gaps.dropOldest(this.#drop(this.#shiftUnit(), false))) hasOpened = true;
    }
    this.push(unit, events, size);
    if (hasOpened) this.#onDropped(this.#gaps.first!, true);
    return true;
  }

  unreported(): Gap<E>[] {
    const gaps = this.#gaps?.all() ?? [];
    if (!this.empty) {
      const first = this.#unit.first(this.#units.at(0) as U);
      const last = this.#unit.last(this.#units.at(this.#units.length - 1) as U);
      gaps.push({ count: this.#events, reason: 'closed', first, last });
    }
    return gaps;
  }

  clear(): readonly Gap<E>[] {
    const gaps = this.unreported();
    this.#gaps?.clear();
    for (let i = 0; i < this.#units.length; i++) this.lost?.(this.#units.at(i) as U, 'closed', false);
    this.#dropped += this.#events;
    this.#events = 0;
    this.#bytes = 0;
    this.#units.clear();
    this.#sizes?.clear();
    return gaps;
  }

  #fits(events: number, bytes: number): boolean {
    return this.#events + events <= this.#capacity && this.#bytes + bytes <= this.#capacityBytes;
  }

  #shiftUnit(): U {
    const unit = this.#units.shift() as U;
    this.#events -= this.#unit.weigh(unit);
    if (this.#sizes !== undefined) {
      // sizes may be fractions: rounding errors of the sum end when the queue is empty
      this.sizeTaken = this.#sizes.shift() as Size;
      this.#bytes = this.empty ? 0 : this.#bytes - bytesIn(this.sizeTaken);
    }
    return unit;
  }

  #drop(unit: U, isNewest: boolean): Gap<E> {
    const count = this.#unit.weigh(unit);
    this.#dropped += count;
    this.lost?.(unit, 'overflow', isNewest);
    return { count, reason: 'overflow', first: this.#unit.first(unit), last: this.#unit.last(unit) };
  }
}
