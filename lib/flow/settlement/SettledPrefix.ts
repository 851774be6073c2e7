import { RingBuffer } from '../RingBuffer.js';

/**
 * Counts the holders of each value, and how many values from the first have none left.
 *
 *     place      7  8  9  10
 *     holders    1  0  2  0        settled: 6; after the release of 7: 8, since 8 has no holder either
 *
 * Values are numbered by their place in the source, from 1. All values received before the tracking began share one place,
 * so they are settled together. A release takes O(1), amortised.
 *
 * SP1  `open` holds the new place once. Its caller must release it.
 * SP2  No place at or below `settled` has a holder.
 */
export class SettledPrefix {
  readonly #holders = new RingBuffer<number>();
  #settled: number;
  #first: number;

  /** @param received - Values received so far. They share one place, which is held once. */
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

  /** Number of values, counted from the first, without a holder. 0 until the values from before the tracking are settled. */
  get settled(): number {
    return this.#settled;
  }
}
