import { RingBuffer } from '../RingBuffer.js';
import type { SettledPrefix } from './SettledPrefix.js';

/** The source places of the pending events of a mailbox, in order. 0: the event does not come from the source. */
export class Places {
  readonly #prefix: SettledPrefix;
  readonly #places = new RingBuffer<number>();

  constructor(prefix: SettledPrefix) {
    this.#prefix = prefix;
  }

  /** The mailbox is about to accept this many events of one place. */
  push(place: number, events: number): void {
    for (let i = 0; i < events; i++) {
      if (place > 0) this.#prefix.retain(place);
      this.#places.push(place);
    }
  }

  /** Releases the places of all but the last `unsettled` events. Returns whether there were any to release. */
  keep(unsettled: number): boolean {
    const hasFinished = this.#places.length > unsettled;
    while (this.#places.length > unsettled) {
      const place = this.#places.shift()!;
      if (place > 0) this.#prefix.release(place);
    }
    return hasFinished;
  }
}
