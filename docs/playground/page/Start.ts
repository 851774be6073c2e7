/** A program starts, and what is pressed at that time waits. Another start drops it. */
export class Start {
  #count = 0;
  #isStarting = true;
  #pressed: (() => unknown) | undefined;

  /** Which start this is. */
  get count(): number {
    return this.#count;
  }

  begin(): number {
    this.#isStarting = true;
    this.#pressed = undefined;
    return ++this.#count;
  }

  /** Does what was pressed. */
  end(): void {
    const pressed = this.#pressed;
    this.fail();
    pressed?.();
  }

  /** Drops what was pressed. */
  fail(): void {
    this.#isStarting = false;
    this.#pressed = undefined;
  }

  /** Does it, or keeps it in place of what was pressed before; then true. */
  keeps(action: () => unknown): boolean {
    if (this.#isStarting) this.#pressed = action;
    else action();
    return this.#isStarting && this.#pressed === action;
  }
}
