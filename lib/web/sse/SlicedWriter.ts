/** The largest write, in bytes. */
const SLICE = 16_384;

/**
 * Writes text as UTF-8, one slice at a time. So the connection buffers little, and progress within a long text is visible.
 */
export class SlicedWriter {
  readonly #write: (bytes: Uint8Array) => boolean;
  readonly #encoder = new TextEncoder();
  #rest = new Uint8Array();
  /** Whether the connection has room. */
  #hasRoom: boolean;

  /** `write` returns whether there is room for more. `hasRoom`: whether there is room now. */
  constructor(write: (bytes: Uint8Array) => boolean, hasRoom = true) {
    this.#write = write;
    this.#hasRoom = hasRoom;
  }

  get hasRoom(): boolean {
    return this.#hasRoom && this.#rest.length === 0;
  }

  /** How many bytes are not written yet. */
  get unsent(): number {
    return this.#rest.length;
  }

  write(text: string): void {
    const bytes = this.#encoder.encode(text);
    this.#rest = this.#rest.length === 0 ? bytes : joined(this.#rest, bytes);
    if (this.#hasRoom) this.drained();
  }

  /** The connection has room again. */
  drained(): void {
    this.#hasRoom = true;
    while (this.#hasRoom && this.#rest.length > 0) {
      const slice = this.#rest.subarray(0, SLICE);
      this.#rest = this.#rest.subarray(SLICE);
      this.#hasRoom = this.#write(slice);
    }
  }

  /** Writes the rest, even if there is no room. */
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
