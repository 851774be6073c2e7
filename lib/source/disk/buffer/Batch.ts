import { HEADER_BYTES, writeHeader } from '../format/record.js';

/** The most bytes of a batch, unless a single record has more. Keeping one message keeps its whole batch in memory. */
export const BATCH_BYTES = 64 * 1024;

/** Records of one segment that are written together and share a checksum. */
export class Batch {
  readonly #memory: Uint8Array;
  #filled = 0;
  last: number;

  /** A batch for the records after number `after`. The first of them has `firstBytes` bytes. */
  constructor(after: number, firstBytes: number, memory?: Uint8Array) {
    this.last = after;
    this.#memory = memory ?? Buffer.allocUnsafeSlow(Math.max(BATCH_BYTES, firstBytes));
  }

  get bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#filled);
  }

  get length(): number {
    return this.#filled;
  }

  /** The memory, for reuse by a later batch; `undefined` if it does not have the usual size. */
  get memory(): Uint8Array | undefined {
    return this.#memory.length === BATCH_BYTES ? this.#memory : undefined;
  }

  fits(recordBytes: number): boolean {
    return this.#filled + recordBytes <= this.#memory.length;
  }

  add(message: Uint8Array): void {
    writeHeader(this.#memory, this.#filled, ++this.last, message.length);
    this.#memory.set(message, this.#filled + HEADER_BYTES);
    this.#filled += HEADER_BYTES + message.length;
  }
}
