import type { Gap } from '../contract/Gap.js';
import { RingBuffer } from '../RingBuffer.js';

/**
 * Where the gaps of a bounded buffer lie: one value before each waiting unit, and one at the end.
 *
 *     waiting      b    c    d
 *     before     [ ·   gap   · ]  gap at the end: grows until the next unit is taken
 */
export class Gaps<E> {
  readonly #before = new RingBuffer<Gap<E> | undefined>();
  #atEnd: Gap<E> | undefined;

  /** The gap before the first unit. */
  get first(): Gap<E> | undefined {
    return this.#before.at(0);
  }

  /** All of them, in order. */
  all(): Gap<E>[] {
    const gaps = Array.from({ length: this.#before.length }, (_, i) => this.#before.at(i));
    return [...gaps, this.#atEnd].filter(gap => gap !== undefined);
  }

  /** Takes it out: it is told, what follows is another gap. */
  takeFirst(): Gap<E> | undefined {
    const gap = this.first;
    if (gap !== undefined) this.#before.replaceFirst(undefined);
    return gap;
  }

  /** A unit was put behind the others: what is at the end now lies before it. */
  pushed(): void {
    this.#before.push(this.#atEnd);
    this.#atEnd = undefined;
  }

  /** The first unit was taken; the gap before it was taken out. */
  shifted(): void {
    this.#before.shift();
  }

  /** The newcomer did not fit. Says whether a gap opened. */
  dropNewest(dropped: Gap<E>): boolean {
    const isNew = this.#atEnd === undefined;
    this.#atEnd = joined(this.#atEnd, dropped);
    return isNew;
  }

  /** The first unit made room. Says whether a gap opened. */
  dropOldest(dropped: Gap<E>): boolean {
    const before = this.#before.shift();
    const isLast = this.#before.length === 0;
    const behind = isLast ? this.#atEnd : this.#before.at(0);
    const gap = joined(joined(before, dropped), behind);
    if (isLast) this.#atEnd = gap;
    else this.#before.replaceFirst(gap);
    return before === undefined && behind === undefined;
  }

  /** Nothing waits any more, and no gap is open. */
  clear(): void {
    this.#before.clear();
    this.#atEnd = undefined;
  }
}

/** One gap of two, of which either may be missing. */
export const joined = <E>(a: Gap<E> | undefined, b: Gap<E> | undefined): Gap<E> | undefined => {
  if (a === undefined || b === undefined) return a ?? b;
  return { count: a.count + b.count, reason: a.reason, first: a.first, last: b.last };
};
