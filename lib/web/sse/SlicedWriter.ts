/** How much is written at a time. */
const SLICE = 16_384;

/**
 * Writes texts as bytes, a slice at a time, so that the connection holds little, and progress within a long text is seen.
 */
export class SlicedWriter {
  readonly #write: (bytes: Uint8Array) => boolean;
  readonly #encoder = new TextEncoder();
  #rest = new Uint8Array();
  /** What it writes to has room. */
  #hasRoom: boolean;

  /** `write` says whether there is room for more. `hasRoom`: whether there is room now. */
  constructor(write: (bytes: Uint8Array) => boolean, hasRoom = true) {
    this.#write = write;
    this.#hasRoom = hasRoom;
  }

  get hasRoom(): boolean {
    return this.#hasRoom && this.#rest.length === 0;
  }

  /** Bytes that it has not written. */
  get unsent(): number {
    return this.#rest.length;
  }

  write(text: string): void {
    const bytes = this.#encoder.encode(text);
    this.#rest = this.#rest.length === 0 ? bytes : joined(this.#rest, bytes);
    if (this.#hasRoom) this.drained();
  }

  /** There is room. */
  drained(): void {
    this.#hasRoom = true;
    while (this.#hasRoom && this.#rest.length > 0) {
      const slice = this.#rest.subarray(0, SLICE);
      this.#rest = this.#rest.subarray(SLICE);
      this.#hasRoom = this.#write(slice);
    }
  }

  /** Writes what is left, room or not: nothing comes after it. */
  flush(): void {
    const bytes = this.#rest;
    this.#rest = new Uint8Array();
    if (bytes.length > 0) this.#write(bytes);
  }
}

const joined = (a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> => {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
};
