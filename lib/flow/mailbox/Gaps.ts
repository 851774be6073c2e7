import type { Gap } from '../contract/Gap.js';
import { RingBuffer } from '../RingBuffer.js';

/**
 * The positions of gaps in a bounded queue: an optional gap before each waiting unit, and one at the end.
 *
 *     waiting      b    c    d
 *     before     [ ·   gap   · ]  gap at the end: grows until the next unit is queued
 */
export class Gaps<E> {
  readonly #before = new RingBuffer<Gap<E> | undefined>();
  #atEnd: Gap<E> | undefined;

  /** The gap before the first unit. */
  get first(): Gap<E> | undefined {
    return this.#before.at(0);
  }

  /** All gaps, in order. */
  all(): Gap<E>[] {
    const gaps = Array.from({ length: this.#before.length }, (_, i) => this.#before.at(i));
    return [...gaps, this.#atEnd].filter(gap => gap !== undefined);
  }

  /** Removes and returns the first gap, to be reported. Units dropped there later are a new gap. */
  takeFirst(): Gap<E> | undefined {
    const gap = this.first;
    if (gap !== undefined) this.#before.replaceFirst(undefined);
    return gap;
  }

  /** A unit was queued: the gap at the end now lies before it. */
  pushed(): void {
    this.#before.push(this.#atEnd);
    this.#atEnd = undefined;
  }

  /** The first unit was taken. Its gap was taken before. */
  shifted(): void {
    this.#before.shift();
  }

  /** The new unit was dropped. Returns whether that opened a gap. */
  dropNewest(dropped: Gap<E>): boolean {
    const isNew = this.#atEnd === undefined;
    this.#atEnd = joined(this.#atEnd, dropped);
    return isNew;
  }

  /** The first unit was dropped. Returns whether that opened a gap. */
  dropOldest(dropped: Gap<E>): boolean {
    const before = this.#before.shift();
    const isLast = this.#before.length === 0;
    const after = isLast ? this.#atEnd : this.#before.at(0);
    const gap = joined(joined(before, dropped), after);
    if (isLast) this.#atEnd = gap;
    else this.#before.replaceFirst(gap);
    return before === undefined && after === undefined;
  }

  clear(): void {
    this.#before.clear();
    this.#atEnd = undefined;
  }
}

/** Joins two consecutive gaps. Either may be absent. */
export const joined = <E>(a: Gap<E> | undefined, b: Gap<E> | undefined): Gap<E> | undefined => {
  if (a === undefined || b === undefined) return a ?? b;
  return { count: a.count + b.count, reason: a.reason, first: a.first, last: b.last };
};
