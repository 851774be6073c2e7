import { RingBuffer } from '../../flow/RingBuffer.js';
import type { Outgoing, OutgoingOwner } from './Outgoing.js';

/** The messages of a lane that are not stored yet, in order. */
export class Unstored<T> {
  readonly #queue = new RingBuffer<Outgoing<T>>();
  /** The first `sent` messages were sent in the current round. */
  sent = 0;

  get length(): number {
    return this.#queue.length;
  }

  push(outgoing: Outgoing<T>): void {
    this.#queue.push(outgoing);
  }

  /** The first message that was not sent in the current round. */
  get next(): Outgoing<T> | undefined {
    return this.#queue.at(this.sent);
  }

  /** Removes finished messages from the front. */
  trim(): void {
    for (let first = this.#queue.at(0); first !== undefined; first = this.#queue.at(0)) {
      if (first.phase === 'waiting' || first.phase === 'sent') return;
      this.#queue.shift();
      if (this.sent > 0) this.sent--;
    }
  }

  /** Removes the messages of an owner that were never sent. */
  withdraw(owner: OutgoingOwner<T>): void {
    for (let left = this.#queue.length; left > 0; left--) {
      const outgoing = this.#queue.shift()!;
      if (outgoing.owner !== owner || outgoing.phase !== 'waiting') this.#queue.push(outgoing);
    }
  }

  /** Those that were sent, in any round, and are not known to be stored. */
  unconfirmed(): readonly Outgoing<T>[] {
    const sent: Outgoing<T>[] = [];
    for (let i = 0; i < this.#queue.length; i++) {
      const outgoing = this.#queue.at(i)!;
      if (outgoing.phase === 'sent') sent.push(outgoing);
    }
    return sent;
  }

  isBefore(outgoing: Outgoing<T>, other: Outgoing<T>): boolean {
    for (let i = 0; i < this.#queue.length; i++) {
      const each = this.#queue.at(i);
      if (each === outgoing || each === other) return each === outgoing;
    }
    return false;
  }
}
