/** Calls that wait for the end of a dispatch. */
export class Postponed {
  /** Called when everything that was sent has reached every subscriber. */
  readonly #later: (() => void)[] = [];
  /** Called when the current event has reached every subscriber. */
  #halt: (() => void) | undefined;

  later(then: () => void): void {
    this.#later.push(then);
  }

  /** Whether a stop waits for the end of the current event. */
  get isStopping(): boolean {
    return this.#halt !== undefined;
  }

  /** Only the first `halt` counts. */
  stop(halt: () => void): void {
    this.#halt ??= halt;
  }

  /** The current event has reached every subscriber: calls `halt`, if there is one. Returns whether there was. */
  halt(): boolean {
    const halt = this.#halt;
    this.#halt = undefined;
    halt?.();
    return halt !== undefined;
  }

  /** Everything that was sent has reached every subscriber. */
  finish(): void {
    for (const then of this.#later.splice(0)) then();
  }
}
