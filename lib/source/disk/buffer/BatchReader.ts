import { BufferFileError } from '../errors.js';
import { HEADER_BYTES, readSize, sizeBounds, SIZE_BYTES, type SizeBounds } from '../format/record.js';

/** A batch as it is stored in its file. */
export interface StoredBatch {
  /** The path of the file, and where the batch begins in it. */
  readonly file: string;
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** The number of the last record before the batch, and of the last record in it. */
  readonly before: number;
  readonly last: number;
  /** Its checksum entry, and no other. */
  readonly entry: Uint8Array;
}

const noBytes = new Uint8Array(0);

/** Takes verified batches, and returns their messages one by one. Each message is a view of its batch. */
export class BatchReader {
  readonly #bounds: SizeBounds;
  readonly #waiting: StoredBatch[] = [];
  #batch: StoredBatch | undefined;
  /** The bytes of the current batch, and their memory: reading `bytes.buffer` takes as long as creating a view. */
  #bytes: Uint8Array = noBytes;
  #memory: ArrayBufferLike = noBytes.buffer;
  #base = 0;
  /** Where its next record begins. */
  #at = 0;
  /** The number of the record that was taken last; there are no gaps. */
  number: number;

  /** Returns the records after number `after`. */
  constructor(after: number, maxMessageBytes: number) {
    this.number = after;
    this.#bounds = sizeBounds(maxMessageBytes);
  }

  add(batch: StoredBatch): void {
    this.#waiting.push(batch);
  }

  /** The next message, or `undefined` if all batches are used up. */
  take(): Uint8Array | undefined {
    while (this.#at === this.#bytes.length) if (!this.#turnTo(this.#waiting.shift())) return undefined;
    const begin = this.#at + HEADER_BYTES;
    this.#at = this.#recordEnd();
    this.number++;
    return new Uint8Array(this.#memory, this.#base + begin, this.#at - begin);
  }

  /** Moves to a batch, and skips the records at its start that were processed in an earlier run. */
  #turnTo(batch: StoredBatch | undefined): boolean {
    this.#batch = batch;
    this.#bytes = batch?.bytes ?? noBytes;
    this.#memory = this.#bytes.buffer;
    this.#base = this.#bytes.byteOffset;
    this.#at = 0;
    if (batch === undefined) return false;
    for (let number = batch.before; number < this.number; number++) this.#at = this.#recordEnd();
    return true;
  }

  /** The checksum matched, so a record that does not fit its batch was already malformed when it was written. */
  #recordEnd(): number {
    const left = this.#bytes.length - this.#at;
    const size = left < HEADER_BYTES ? -1 : readSize(this.#bytes, this.#at);
    const { min, max } = this.#bounds;
    if (size >= min && size <= max && SIZE_BYTES + size <= left) return this.#at + SIZE_BYTES + size;
    const { file, offset } = this.#batch!;
    const expected = `a record's size from ${min} to ${max}, in a batch that ends after ${left} bytes`;
    throw new BufferFileError({ file, offset: offset + this.#at, expected, found: String(size) });
  }
}
