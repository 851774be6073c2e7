import { RingBuffer } from '../RingBuffer.js';

/** Bytes of what is pending, first in, first out. Noted as they come: a buffer that is transferred later has none. */
export class PendingBytes<U> {
  readonly #bytesOf: ((unit: U) => number) | undefined;
  readonly #sizes = new RingBuffer<number>();
  #total = 0;

  /** Without `bytesOf` nothing weighs anything. */
  constructor(bytesOf: ((unit: U) => number) | undefined) {
    this.#bytesOf = bytesOf;
  }

  get total(): number {
    return this.#total;
  }

  push(unit: U): void {
    if (this.#bytesOf === undefined) return;
    const bytes = this.#bytesOf(unit);
    this.#sizes.push(bytes);
    this.#total += bytes;
  }

  shift(): void {
    this.#total -= this.#sizes.shift() ?? 0;
  }

  clear(): void {
    this.#sizes.clear();
    this.#total = 0;
  }
}
