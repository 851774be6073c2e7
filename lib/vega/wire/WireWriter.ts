const utf8 = new TextEncoder();
// Arithmetic on bigints would create one for every seven bits.
const halves = new DataView(new ArrayBuffer(8));

/** Writes protobuf's wire format into a growing buffer. `finish` returns a copy and starts again. */
export class WireWriter {
  #bytes = new Uint8Array(512);
  #length = 0;

  tag(field: number, wireType: 0 | 2): void {
    this.number(field * 8 + wireType);
  }

  /** A varint of a number from 0 to 2^53 − 1. */
  number(value: number): void {
    this.#reserve(10);
    while (value > 0x7f) {
      this.#bytes[this.#length++] = (value % 0x80) | 0x80;
      value = Math.floor(value / 0x80);
    }
    this.#bytes[this.#length++] = value;
  }

  /** A varint of 64 bits; a negative value takes ten bytes. */
  bigint(value: bigint): void {
    this.#reserve(10);
    halves.setBigUint64(0, BigInt.asUintN(64, value));
    let high = halves.getUint32(0);
    let low = halves.getUint32(4);
    while (high > 0 || low > 0x7f) {
      this.#bytes[this.#length++] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    this.#bytes[this.#length++] = low;
  }

  /** A length and a text. */
  text(text: string): void {
    const { length } = text;
    if (length > 0x7f) {
      this.content(utf8.encode(text));
      return;
    }
    this.#reserve(1 + length);
    const start = this.#length;
    this.#bytes[this.#length++] = length;
    for (let at = 0; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code > 0x7f) {
        this.#length = start;
        this.content(utf8.encode(text));
        return;
      }
      this.#bytes[this.#length++] = code;
    }
  }

  /** A length and that many bytes. */
  content(content: Uint8Array): void {
    this.number(content.length);
    this.#reserve(content.length);
    this.#bytes.set(content, this.#length);
    this.#length += content.length;
  }

  /** Discards the bytes of a message that was not finished. */
  begin(): void {
    this.#length = 0;
  }

  finish(): Uint8Array {
    const written = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return written;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
