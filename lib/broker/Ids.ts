import { RingBuffer } from '../flow/RingBuffer.js';

/** Ids from 1, never 0. Freed ids are reused, the one freed first comes first (promise B7). */
export class Ids {
  readonly #freed = new RingBuffer<number>();
  #last = 0;

  take(): number {
    return this.#freed.shift() ?? ++this.#last;
  }

  /** The caller must not free an id twice. */
  free(id: number): void {
    this.#freed.push(id);
  }
}
