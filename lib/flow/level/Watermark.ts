/**
 * A high-water mark over events and bytes. It is reached when either is at its mark, and clear again when both have fallen
 * to half of theirs. So a source is not paused and resumed at every event.
 */
export class Watermark {
  readonly #events: number;
  readonly #bytes: number;
  readonly #half: number;
  #isReached = false;

  constructor(events = Infinity, bytes = Infinity) {
    this.#events = events;
    this.#bytes = bytes;
    this.#half = Math.floor(events / 2);
  }

  get reached(): boolean {
    return this.#isReached;
  }

  /** Whether these counts are at a mark. */
  isAt(events: number, bytes: number): boolean {
    return events >= this.#events || bytes >= this.#bytes;
  }

  /** Sets what is pending now. Returns whether `reached` has changed. */
  update(events: number, bytes: number): boolean {
    const wasReached = this.#isReached;
    this.#isReached = wasReached ? events > this.#half || bytes > this.#bytes / 2 : this.isAt(events, bytes);
    return this.#isReached !== wasReached;
  }

  /** Clears the mark. Returns whether it was reached. */
  clear(): boolean {
    const wasReached = this.#isReached;
    this.#isReached = false;
    return wasReached;
  }
}
