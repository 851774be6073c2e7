/** What waits until nobody is being called. */
export class Postponed {
  /** Until everything that was sent has reached everybody. */
  readonly #later: (() => void)[] = [];
  /** Until the event that is being dispatched has reached everybody. */
  #halt: (() => void) | undefined;

  later(then: () => void): void {
    this.#later.push(then);
  }

  /** The first one stops the broker. */
  stop(halt: () => void): void {
    this.#halt ??= halt;
  }

  /** The event has reached everybody: stops the broker if that is wanted, and says whether it was. */
  halt(): boolean {
    const halt = this.#halt;
    this.#halt = undefined;
    halt?.();
    return halt !== undefined;
  }

  /** Everything that was sent has reached everybody. */
  finish(): void {
    for (const then of this.#later.splice(0)) then();
  }
}
