import { Malformed } from './Malformed.js';
import { RecentIds } from './RecentText.js';
import { isText } from './text.js';

const ids = new RecentIds();

/**
 * Reads protobuf's wire format from `at` up to `end`. Throws `Malformed` if the bytes are invalid.
 *
 * ```
 *  bytes  ·····[ tag │ value │ tag │ length │ content │ … ]·····
 *              └ start         └ at                        └ end
 * ```
 * 1. `at <= end <= bytes.length`, always: nothing is read past `end`, whatever a length says.
 * 2. `low` and `high` hold the two halves of the last varint, as unsigned 32-bit numbers; a value
 *    above 2^53 is read from them as a bigint, never as a number.
 */
export class WireReader {
  bytes: Uint8Array;
  at: number;
  end: number;
  low = 0;
  high = 0;
  readonly #isStrict: boolean;

  /** If `isStrict`, a text that is not valid UTF-8 is malformed; otherwise invalid bytes become U+FFFD. */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length, isStrict = false) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.#isStrict = isStrict;
  }

  /** A field's number and wire type: `number << 3 | wireType`. */
  tag(): number {
    const tag = this.#small('a tag');
    if (tag < 8) throw new Malformed('a field number of 1 or more', '0');
    return tag;
  }

  /** Reads a length. Returns the end of the value, which begins at `at`. */
  content(): number {
    const length = this.#small('a length');
    const left = this.end - this.at;
    if (length > left) throw new Malformed(`${length} bytes of content`, `${left} before the end`);
    return this.at + length;
  }

  /** Skips a value of this wire type: 0 a varint, 1 eight bytes, 2 a length and its bytes, 5 four bytes. */
  skip(wireType: number): void {
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.#pass(8);
    else if (wireType === 2) this.at = this.content();
    else if (wireType === 5) this.#pass(4);
    else throw new Malformed('a wire type of 0, 1, 2 or 5', String(wireType));
  }

  /** Reads a varint of up to 64 bits into `low` and `high`. */
  varint(): void {
    const { bytes, end } = this;
    let low = 0;
    let high = 0;
    for (let index = 0; index < 10; index++) {
      if (this.at >= end) throw new Malformed('a varint', 'the end');
      const byte = bytes[this.at++]!;
      const bits = byte & 0x7f;
      if (index < 4) low |= bits << (7 * index);
      else if (index === 4) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (7 * index - 32);
      if (byte < 0x80) {
        if (index === 9 && byte > 1) break;
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    throw new Malformed('a varint of at most 64 bits', 'a longer one');
  }

  /** A varint as a number. It is exact up to 2^53; the caller must check that. */
  number(): number {
    const { bytes, at } = this;
    const left = this.end - at;
    const first = bytes[at]!;
    if (left > 0 && first < 0x80) {
      this.at = at + 1;
      return first;
    }
    const second = bytes[at + 1]!;
    if (left > 1 && second < 0x80) {
      this.at = at + 2;
      return (first & 0x7f) | (second << 7);
    }
    this.varint();
    return this.high * 0x1_0000_0000 + this.low;
  }

  text(): string {
    const end = this.content();
    const start = this.at;
    if (this.#isStrict && !isText(this.bytes, start, end)) throw new Malformed('valid UTF-8', 'other bytes');
    this.at = end;
    return ids.read(this.bytes, start, end);
  }

  #small(what: string): number {
    const value = this.number();
    if (value > 0xffff_ffff) throw new Malformed(`${what} of at most 32 bits`, 'a longer one');
    return value;
  }

  #pass(bytes: number): void {
    if (this.end - this.at < bytes) throw new Malformed(`${bytes} bytes`, `${this.end - this.at} before the end`);
    this.at += bytes;
  }
}
