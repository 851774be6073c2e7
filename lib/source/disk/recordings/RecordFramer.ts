import { BufferFileError } from '../errors.js';
import { HEADER_BYTES, readSize, sizeBounds, SIZE_BYTES, type SizeBounds } from '../format/record.js';

const nothing = new Uint8Array(0);
/** The first allocation for a record that lies in more than one chunk. */
const FIRST_SPLIT_BYTES = 4096;

/**
 * Turns the chunks of a file into messages (promises R1, R6).
 *
 *     push ──► chunk  [ record │ record │ rec ]          split  [ rec         ]
 *                               ▲ at      ╰── moved to ──────────╯ ▲ have      ▲ need
 *     take ◄── a view of the chunk, or the split record when it is complete
 *
 * A  Bytes pushed = offset + have + the rest of the chunk: each byte is in one place.
 * B  have > 0 only while the chunk is used up or the split record is complete. So a split record comes before the rest of
 *    the chunk.
 * C  The split record allocates at most twice the bytes that have arrived, never what its size claims.
 */
export class RecordFramer {
  readonly #file: string;
  readonly #bounds: SizeBounds;

  #chunk: Uint8Array = nothing;
  /** The memory of the chunk. It is kept, because reading `chunk.buffer` takes as long as creating a view. */
  #memory: ArrayBufferLike = nothing.buffer;
  #base = 0;
  #at = 0;

  #split: Uint8Array = nothing;
  #have = 0;
  #need = HEADER_BYTES;

  /** Where the next record begins, in bytes from the start of the file. */
  #offset = 0;

  constructor(file: string, maxMessageBytes: number) {
    this.#file = file;
    this.#bounds = sizeBounds(maxMessageBytes);
  }

  get offset(): number {
    return this.#offset;
  }

  /** Adds the next bytes of the file, and keeps them. Call it only after `take` has returned `undefined`. */
  push(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#memory = chunk.buffer;
    this.#base = chunk.byteOffset;
    this.#at = 0;
    if (this.#have > 0) this.#fillSplit();
  }

  /** The next message, or `undefined` if it is not complete yet. Throws `BufferFileError` if its size is invalid. */
  take(): Uint8Array | undefined {
    if (this.#have > 0) return this.#takeSplit();
    const chunk = this.#chunk;
    const at = this.#at;
    const left = chunk.length - at;
    if (left >= HEADER_BYTES) {
      const end = at + SIZE_BYTES + this.#sizeAt(chunk, at);
      if (end <= chunk.length) {
        this.#at = end;
        this.#offset += end - at;
        return new Uint8Array(this.#memory, this.#base + at + HEADER_BYTES, end - at - HEADER_BYTES);
      }
    }
    if (left > 0) this.#fillSplit();
    return undefined;
  }

  /** Call it at the end of the file. Throws `BufferFileError` if the file ends inside a record. */
  finish(): void {
    const have = this.#have;
    if (have === 0) return;
    if (have < SIZE_BYTES) this.#fail(`${SIZE_BYTES} bytes of a record's size`, `the end of the file after ${have}`);
    const size = this.#sizeAt(this.#split, 0);
    const whole = `a record of ${SIZE_BYTES + size} bytes`;
    const cut = `the end of the file after ${have}`;
    this.#fail(whole, have < HEADER_BYTES ? `${cut}, in its number` : `${cut}, in its message`);
  }

  #sizeAt(bytes: Uint8Array, at: number): number {
    const size = readSize(bytes, at);
    if (size < this.#bounds.min || size > this.#bounds.max) {
      const { min, max } = this.#bounds;
      this.#fail(`a record's size from ${min} to ${max}`, `${size}${textAt(bytes, at)}`);
    }
    return size;
  }

  #fillSplit(): void {
    for (;;) {
      const count = Math.min(this.#need - this.#have, this.#chunk.length - this.#at);
      this.#growSplit(this.#have + count);
      this.#split.set(this.#chunk.subarray(this.#at, this.#at + count), this.#have);
      this.#have += count;
      this.#at += count;
      if (this.#have < HEADER_BYTES || this.#need > HEADER_BYTES) break;
      this.#need = SIZE_BYTES + this.#sizeAt(this.#split, 0);
      if (this.#need === HEADER_BYTES) break;
    }
  }

  #growSplit(bytes: number): void {
    if (bytes <= this.#split.length) return;
    const grown = new Uint8Array(Math.max(bytes, Math.min(this.#need, 2 * this.#split.length), FIRST_SPLIT_BYTES));
    grown.set(this.#split.subarray(0, this.#have));
    this.#split = grown;
  }

  #takeSplit(): Uint8Array | undefined {
    if (this.#have < HEADER_BYTES || this.#have < this.#need) return undefined;
    const message = this.#split.subarray(HEADER_BYTES, this.#need);
    this.#offset += this.#need;
    this.#split = nothing;
    this.#have = 0;
    this.#need = HEADER_BYTES;
    return message;
  }

  #fail(expected: string, found: string): never {
    throw new BufferFileError({ file: this.#file, offset: this.#offset, expected, found });
  }
}

/** A hint if the four bytes of the size are printable characters: the file is most likely a text file. */
const textAt = (bytes: Uint8Array, at: number): string => {
  const size = [...bytes.subarray(at, at + SIZE_BYTES)];
  const isText = size.every(byte => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09);
  return isText ? `, the text ${JSON.stringify(String.fromCharCode(...size))}: is it a text file?` : '';
};
