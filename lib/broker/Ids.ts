import { RingBuffer } from '../flow/RingBuffer.js';

/** Ids from 1, never 0; freed ones are used again, first freed first (promise B7). */
export class Ids {
  readonly #freed = new RingBuffer<number>();
  #last = 0;

  take(): number {
    return this.#freed.shift() ?? ++this.#last;
  }

  /** The caller sees to it that an id is freed once. */
  free(id: number): void {
    this.#freed.push(id);
  }
}
