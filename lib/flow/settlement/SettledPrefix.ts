import { RingBuffer } from '../RingBuffer.js';

/**
 * Counts who still works on which value, and knows the first value that somebody works on.
 *
 *     position   7  8  9  10
 *     holders    1  0  2  0        settled: 6; when 7 is released: 8, since nobody holds 8 either
 *
 * Values are numbered by their place in the source, from 1. One place stands for everything that was taken before the
 * tracking began: it is settled together. A release moves the prefix in O(1), amortised.
 *
 * SP1  A place that was opened is held once, by who opened it.
 * SP2  Nobody holds a place at or below `settled`.
 */
export class SettledPrefix {
  readonly #holders = new RingBuffer<number>();
  #settled: number;
  #first: number;

  /** @param received - Values taken so far; they are one place, held once. */
  constructor(received: number) {
    this.#first = received;
    this.#settled = 0;
    this.#holders.push(1);
  }

  /** The place of the next value. It is held once. */
  open(): number {
    this.#holders.push(1);
    return this.#first + this.#holders.length - 1;
  }

  retain(place: number): void {
    const index = place - this.#first;
    this.#holders.set(index, this.#holders.at(index)! + 1);
  }

  release(place: number): void {
    const index = place - this.#first;
    this.#holders.set(index, this.#holders.at(index)! - 1);
    while (this.#holders.at(0) === 0) {
      this.#holders.shift();
      this.#settled = this.#first++;
    }
  }

  /** How many values, from the first, nobody works on any more. 0 until what came before the tracking is settled. */
  get settled(): number {
    return this.#settled;
  }
}
