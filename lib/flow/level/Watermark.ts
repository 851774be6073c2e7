/**
 * A high-water mark over events and bytes: reached when either is at its mark, clear again when both have fallen to half
 * of theirs, so that who is paused by it is not paused and resumed at every event.
 */
export class Watermark {
  readonly #events: number;
  readonly #bytes: number;
  #isReached = false;

  constructor(events = Infinity, bytes = Infinity) {
    this.#events = events;
    this.#bytes = bytes;
  }

  get reached(): boolean {
    return this.#isReached;
  }

  /** Whether that much is at a mark. */
  isAt(events: number, bytes: number): boolean {
    return events >= this.#events || bytes >= this.#bytes;
  }

  /** That much is pending now. Says whether that changed whether it is reached. */
  update(events: number, bytes: number): boolean {
    const wasReached = this.#isReached;
    this.#isReached = wasReached
      ? events > Math.floor(this.#events / 2) || bytes > this.#bytes / 2
      : this.isAt(events, bytes);
    return this.#isReached !== wasReached;
  }

  /** Says whether that changed anything. */
  clear(): boolean {
    const wasReached = this.#isReached;
    this.#isReached = false;
    return wasReached;
  }
}
