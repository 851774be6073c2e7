import type { Parked, ParkedFor } from '../contract/Parking.js';
import { ParkingFullError } from '../contract/ParkingFullError.js';
import { orderKeyOf } from './ReplayedEvents.js';

/** A parked event as an index keeps it. `V`: the event itself, or its text. */
export interface Entry<V> extends Omit<Parked<V>, 'id'> {
  readonly id: number;
  readonly bytes: number;
}

/**
 * Parked events in memory, in the order of their ids.
 *
 * PI1  `#bySubscriber` and `#byKey` have the number of entries of each; those without entries are left out.
 * PI2  `bytes` is the sum over all entries.
 */
export class ParkedIndex<V> {
  bytes = 0;
  readonly #entries = new Map<number, Entry<V>>();
  readonly #bySubscriber = new Map<string, number>();
  readonly #byKey = new Map<string, number>();

  get size(): number {
    return this.#entries.size;
  }

  values(): Iterable<Entry<V>> {
    return this.#entries.values();
  }

  hasId(id: number): boolean {
    return this.#entries.has(id);
  }

  /** Whether an event of this subscriber and key is parked. */
  has(who: Pick<ParkedFor, 'subscriber' | 'key'>): boolean {
    const key = orderKeyOf(who);
    return key !== undefined && this.#byKey.has(key);
  }

  /** Throws `ParkingFullError` if this many events or bytes do not fit. */
  checkRoom({ subscriber, most }: ParkedFor, events: number, bytes: number, mostBytes: number): void {
    if ((this.#bySubscriber.get(subscriber) ?? 0) + events > most) throw new ParkingFullError(subscriber, 'most', most);
    if (this.bytes + bytes > mostBytes) throw new ParkingFullError(subscriber, 'mostBytes', mostBytes);
  }

  add(entry: Entry<V>): void {
    this.#entries.set(entry.id, entry);
    this.#count(entry, 1);
  }

  remove(id: number): boolean {
    const entry = this.#entries.get(id);
    if (entry === undefined) return false;
    this.#entries.delete(id);
    this.#count(entry, -1);
    return true;
  }

  /** The highest id. */
  last(): string | undefined {
    let last: number | undefined;
    for (const id of this.#entries.keys()) last = id;
    return last?.toString();
  }

  /** At most `count` entries with ids above `after`. */
  read(after: string | undefined, count: number): readonly Entry<V>[] {
    const from = Number(after ?? 0);
    const page: Entry<V>[] = [];
    for (const entry of this.#entries.values()) {
      if (entry.id <= from) continue;
      page.push(entry);
      if (page.length === count) break;
    }
    return page;
  }

  #count(entry: Entry<V>, by: 1 | -1): void {
    this.bytes += by * entry.bytes;
    increase(this.#bySubscriber, entry.subscriber, by);
    const key = orderKeyOf(entry);
    if (key !== undefined) increase(this.#byKey, key, by);
  }
}

const increase = (counts: Map<string, number>, of: string, by: number): void => {
  const now = (counts.get(of) ?? 0) + by;
  if (now === 0) counts.delete(of);
  else counts.set(of, now);
};
