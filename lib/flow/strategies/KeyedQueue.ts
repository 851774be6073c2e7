import type { Gap } from '../contract/Gap.js';
import { joined } from '../mailbox/Gaps.js';
import { bytesIn, type Noted, type Size } from '../mailbox/Size.js';
import type { EventQueue, OnDropped, OnLost } from '../mailbox/UnitQueue.js';
import { RingBuffer } from '../RingBuffer.js';
import type { Keyed } from './Keyed.js';

/** The place of a key: its latest event, and the events superseded there that were not reported yet. */
interface Place<E> {
  readonly key: unknown;
  event: E;
  size: Size;
  superseded: Gap<E> | undefined;
}

/**
 * A queue with only the latest event of each key, in the order in which the keys began to wait.
 *
 *     offered   a1 b1 a2 c1
 *     waiting   a2 b1 c1          a2 has the place of a1
 *
 * KQ1  `#byKey` has the keys of the waiting events, and no others.
 * KQ2  Events that do not fit form one gap. It is reported before the next delivery, and before superseded events.
 */
export class KeyedQueue<E> implements EventQueue<E> {
  sizeTaken: Size = 0;
  lost: OnLost<E> | undefined;
  dropped = 0;
  bytes = 0;
  readonly #capacity: number;
  readonly #capacityBytes: number;
  readonly #onDropped: OnDropped<E>;
  readonly #places = new RingBuffer<Place<E>>();
  readonly #byKey = new Map<unknown, Place<E>>();
  #overflow: Gap<E> | undefined;

  constructor(
    bound: { readonly capacity?: number | undefined; readonly capacityBytes?: number | undefined },
    onDropped: OnDropped<E>,
  ) {
    this.#capacity = bound.capacity ?? Infinity;
    this.#capacityBytes = bound.capacityBytes ?? Infinity;
    this.#onDropped = onDropped;
  }

  get events(): number {
    return this.#places.length;
  }

  get empty(): boolean {
    return this.#places.length === 0;
  }

  get first(): E | undefined {
    return this.#places.at(0)?.event;
  }

  /** Whether the first event may join the batch of the one just taken: its size is known. */
  get isJoined(): boolean {
    return typeof this.#places.at(0)?.size === 'number';
  }

  push(event: E, _: number, noted: Noted): void {
    const { key, size } = noted as Keyed;
    const place = { key, event, size, superseded: undefined };
    this.#places.push(place);
    this.#byKey.set(key, place);
    this.bytes += bytesIn(size);
  }

  offer(event: E, events: number, noted: Noted): boolean {
    const { key, size } = noted as Keyed;
    const place = this.#byKey.get(key);
    const isNew = place === undefined;
    const before = this.events;
    const bytes = this.bytes + bytesIn(size) - (isNew ? 0 : bytesIn(place.size));
    if ((isNew && this.events >= this.#capacity) || bytes > this.#capacityBytes) this.#drop(event);
    else if (isNew) this.push(event, events, noted);
    else this.#supersede(place, event, size);
    return this.events > before;
  }

  takeGap(most = 1): Gap<E> | undefined {
    let gap = this.#overflow;
    this.#overflow = undefined;
    if (gap !== undefined) return gap;
    for (let i = 0; i < most && i < this.events; i++) {
      const place = this.#places.at(i)!;
      // an event without a known size fails without an attempt, so it is a delivery of its own
      const willFail = typeof place.size !== 'number';
      if (willFail && i > 0) break;
      gap = joined(gap, place.superseded);
      place.superseded = undefined;
      if (willFail) break;
    }
    return gap;
  }

  shift(): E {
    const { key, event, size } = this.#places.shift()!;
    this.#byKey.delete(key);
    this.sizeTaken = size;
    // sizes may be fractions: rounding errors of the sum end when the queue is empty
    this.bytes = this.empty ? 0 : this.bytes - bytesIn(size);
    return event;
  }

  unreported(): Gap<E>[] {
    const count = this.events;
    let superseded: Gap<E> | undefined;
    for (let i = 0; i < count; i++) superseded = joined(superseded, this.#places.at(i)!.superseded);
    const gaps = [this.#overflow, superseded].filter(gap => gap !== undefined);
    if (count > 0) {
      const [first, last] = [this.#places.at(0)!.event, this.#places.at(count - 1)!.event];
      gaps.push({ count, reason: 'closed', first, last });
    }
    return gaps;
  }

  clear(): readonly Gap<E>[] {
    const gaps = this.unreported();
    this.#overflow = undefined;
    for (let i = 0; i < this.events; i++) this.lost?.(this.#places.at(i)!.event, 'closed', false);
    this.dropped += this.events;
    this.bytes = 0;
    this.#places.clear();
    this.#byKey.clear();
    return gaps;
  }

  #supersede(place: Place<E>, event: E, size: Size): void {
    const old = place.event;
    place.superseded = joined(place.superseded, { count: 1, reason: 'superseded', first: old, last: old });
    this.bytes += bytesIn(size) - bytesIn(place.size);
    place.event = event;
    place.size = size;
    this.dropped++;
    this.lost?.(old, 'superseded', false);
  }

  #drop(event: E): void {
    const isNew = this.#overflow === undefined;
    this.#overflow = joined(this.#overflow, { count: 1, reason: 'overflow', first: event, last: event });
    this.dropped++;
    this.lost?.(event, 'overflow', true);
    if (isNew) this.#onDropped(this.#overflow!, true);
  }
}
