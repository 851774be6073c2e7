import type { Addressee } from './Routes.js';

/** The batch that is being dispatched, and the subscribers that took events of it: each gets them together. */
export class BatchGathering<E> {
  #addressees: Set<Addressee<E>> | undefined;
  #size = 0;

  /** How many events the batch has; 0 if none is being dispatched. */
  get size(): number {
    return this.#size;
  }

  begin(size: number): void {
    this.#size = size;
    this.#addressees = new Set();
  }

  /** Notes that it takes an event of the batch; `false` if no batch is being dispatched. */
  add(addressee: Addressee<E>): boolean {
    return this.#addressees?.add(addressee) !== undefined;
  }

  /** Everybody gets what they took, in the order of subscription. */
  end(): void {
    const inOrder = [...(this.#addressees ?? [])].sort((a, b) => a.who.key - b.who.key);
    this.#addressees = undefined;
    for (const addressee of inOrder) addressee.batchEnded();
    this.#size = 0;
  }
}
