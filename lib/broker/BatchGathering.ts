import type { Addressee } from './Routes.js';

/** The batch that is being dispatched, and the subscribers that took events of it: each gets them together. */
export class BatchGathering<E> {
  /** Made by the first that takes one: a Set costs as much as a dozen deliveries. */
  #addressees: Set<Addressee<E>> | undefined;
  #isOpen = false;
  #size = 0;

  /** How many events the batch has; 0 if none is being dispatched. */
  get size(): number {
    return this.#size;
  }

  begin(size: number): void {
    this.#size = size;
    this.#isOpen = true;
  }

  /** Notes that it takes an event of the batch; `false` if no batch is being dispatched. */
  add(addressee: Addressee<E>): boolean {
    if (this.#isOpen) (this.#addressees ??= new Set()).add(addressee);
    return this.#isOpen;
  }

  /** Everybody gets what they took, in the order of subscription. */
  end(): void {
    this.#isOpen = false;
    const addressees = this.#addressees;
    if (addressees !== undefined) {
      this.#addressees = undefined;
      const inOrder = [...addressees].sort((a, b) => a.who.key - b.who.key);
      for (const addressee of inOrder) addressee.batchEnded();
    }
    this.#size = 0;
  }
}
