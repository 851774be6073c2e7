/** Gathers, for a subscriber with `nextBatch`, its events of the batch being dispatched. */
export class BatchIntake<E> {
  /** Events in the batch that the handler is being called with; 0 outside a call. */
  inCall = 0;
  #gathered: E[] = [];
  readonly #joins: () => boolean;
  readonly #hand: (batch: readonly E[]) => void;

  /** `joins` records that the subscriber takes part in the batch being dispatched; `false` if there is none. */
  constructor(joins: () => boolean, hand: (batch: readonly E[]) => void) {
    this.#joins = joins;
    this.#hand = hand;
  }

  /** Number of gathered events. */
  get gathered(): number {
    return this.#gathered.length;
  }

  /** Called by the routes for each event. An event sent alone is handed over as a batch of one. */
  readonly take = (event: E): void => {
    if (this.#joins()) this.#gathered.push(event);
    else this.#hand([event]);
  };

  /** Returns the gathered events and starts anew. */
  empty(): readonly E[] {
    const gathered = this.#gathered;
    this.#gathered = [];
    return gathered;
  }
}
