import type { Size } from '../mailbox/Size.js';

/** Stands for the key of an event that has none. Such events never wait for each other. */
export const NO_KEY = Symbol('no key');

/** A unit from when it is offered until everything before it has finished. */
export interface Entry<U> {
  /** `undefined` once it has finished. */
  unit: U | undefined;
  readonly events: number;
  readonly size: Size;
  /** The number of the unit, from the first. */
  readonly place: number;
  readonly lane: Lane<U>;
  /** The next unit of the same key. */
  next: Entry<U> | undefined;
  state: 'waiting' | 'inFlight' | 'finished';
}

/** The waiting units of a key, and whether one is in flight. */
export interface Lane<U> {
  readonly key: unknown;
  first: Entry<U> | undefined;
  last: Entry<U> | undefined;
  isBusy: boolean;
}

/**
 * The waiting units, by key. The next to begin is the oldest one whose key is free.
 *
 *     waiting   a2 b1 a3 c1      while a1 is in flight
 *     next      b1, then c1; then a2, once a1 has finished
 *
 * LQ1  `#byKey` has the keys with units that wait or are in flight, and no others.
 * LQ2  `#free` is a heap of the lanes that have waiting units and are not busy, ordered by the place of their first unit.
 */
export class LaneQueue<U> {
  readonly #byKey = new Map<unknown, Lane<U>>();
  readonly #free: Lane<U>[] = [];

  /** The lane of a key. */
  laneOf(key: unknown): Lane<U> {
    const known = key === NO_KEY ? undefined : this.#byKey.get(key);
    if (known !== undefined) return known;
    const lane: Lane<U> = { key, first: undefined, last: undefined, isBusy: false };
    if (key !== NO_KEY) this.#byKey.set(key, lane);
    return lane;
  }

  add(entry: Entry<U>): void {
    const { lane } = entry;
    if (lane.first === undefined) {
      lane.first = entry;
      if (!lane.isBusy) this.#push(lane);
    } else lane.last!.next = entry;
    lane.last = entry;
  }

  /** The oldest waiting unit whose key is free. */
  get next(): Entry<U> | undefined {
    return this.#free[0]?.first;
  }

  /** Removes and returns `next`. Its key is busy until `release`. */
  take(): Entry<U> {
    const lane = this.#pop();
    const entry = lane.first!;
    lane.first = entry.next;
    lane.isBusy = true;
    return entry;
  }

  /** The unit of this lane that was in flight has finished. */
  release(lane: Lane<U>): void {
    lane.isBusy = false;
    if (lane.first !== undefined) this.#push(lane);
    else this.#byKey.delete(lane.key);
  }

  clear(): void {
    this.#byKey.clear();
    this.#free.length = 0;
  }

  #push(lane: Lane<U>): void {
    const free = this.#free;
    let i = free.length;
    for (; i > 0;) {
      const parent = (i - 1) >> 1;
      if (placeOf(free[parent]!) < placeOf(lane)) break;
      free[i] = free[parent]!;
      i = parent;
    }
    free[i] = lane;
  }

  #pop(): Lane<U> {
    const free = this.#free;
    const top = free[0]!;
    const last = free.pop()!;
    const { length } = free;
    if (length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= length) break;
      if (child + 1 < length && placeOf(free[child + 1]!) < placeOf(free[child]!)) child++;
      if (placeOf(last) < placeOf(free[child]!)) break;
      free[i] = free[child]!;
      i = child;
    }
    free[i] = last;
    return top;
  }
}

const placeOf = <U>({ first }: Lane<U>): number => first!.place;
