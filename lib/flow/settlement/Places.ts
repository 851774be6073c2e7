import { RingBuffer } from '../RingBuffer.js';
import type { SettledPrefix } from './SettledPrefix.js';

/** Where the events that are pending in a mailbox stand in the source, in order. 0: it did not come from the source. */
export class Places {
  readonly #prefix: SettledPrefix;
  readonly #places = new RingBuffer<number>();

  constructor(prefix: SettledPrefix) {
    this.#prefix = prefix;
  }

  /** The mailbox is about to take that many events of one place. */
  push(place: number, events: number): void {
    for (let i = 0; i < events; i++) {
      if (place > 0) this.#prefix.retain(place);
      this.#places.push(place);
    }
  }

  /** That many events are left, from the first that has not finished on. Says whether any before them has. */
  keep(unsettled: number): boolean {
    const hasFinished = this.#places.length > unsettled;
    while (this.#places.length > unsettled) {
      const place = this.#places.shift()!;
      if (place > 0) this.#prefix.release(place);
    }
    return hasFinished;
  }
}
