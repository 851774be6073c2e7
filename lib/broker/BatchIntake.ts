/** For a subscriber that takes batches: gathers its events of the batch that is being dispatched. */
export class BatchIntake<E> {
  /** Events of the batch that its handler is being called with. */
  inCall = 0;
  #gathered: E[] = [];
  readonly #joins: () => boolean;
  readonly #hand: (batch: readonly E[]) => void;

  /** `joins`: notes that it takes part in the batch that is being dispatched, if there is one. */
  constructor(joins: () => boolean, hand: (batch: readonly E[]) => void) {
    this.#joins = joins;
    this.#hand = hand;
  }

  /** How many events it has gathered. */
  get gathered(): number {
    return this.#gathered.length;
  }

  /** What its routes call. A single event is a batch of one. */
  readonly take = (event: E): void => {
    if (this.#joins()) this.#gathered.push(event);
    else this.#hand([event]);
  };

  /** Gives what it has gathered. */
  empty(): readonly E[] {
    const gathered = this.#gathered;
    this.#gathered = [];
    return gathered;
  }
}
