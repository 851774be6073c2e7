import type { Addressee } from './Routes.js';

/** Tracks who takes events of the batch being dispatched. Each subscriber gets its events in one call at the end. */
export class BatchGathering<E> {
  /** Created only if a subscriber takes an event: a Set costs as much as a dozen deliveries. */
  #addressees: Set<Addressee<E>> | undefined;
  #isOpen = false;
  #size = 0;

  /** Events in the batch; 0 if no batch is being dispatched. */
  get size(): number {
    return this.#size;
  }

  begin(size: number): void {
    this.#size = size;
    this.#isOpen = true;
  }

  /** Records that the subscriber takes an event of the batch. Returns `false` if no batch is being dispatched. */
  add(addressee: Addressee<E>): boolean {
    if (this.#isOpen) (this.#addressees ??= new Set()).add(addressee);
    return this.#isOpen;
  }

  /** Each recorded subscriber gets its events, in the order of subscription. */
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
