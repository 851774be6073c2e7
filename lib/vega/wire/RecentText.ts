import { isSame, readText } from './text.js';

/**
 * Returns the same string for the same bytes. Most events share their hash and chain id with the previous event, and
 * comparing costs a tenth of decoding. It keeps a copy of the bytes instead of the chunk that they arrived in.
 */
export class RecentText {
  readonly #map: (text: string) => string;
  #bytes = new Uint8Array(0);
  #text = '';

  constructor(map: (text: string) => string = text => text) {
    this.#map = map;
  }

  /** The string, if the bytes are those of the last `read`. */
  find(bytes: Uint8Array, start: number, end: number): string | undefined {
    return this.#bytes.length === end - start && isSame(this.#bytes, bytes, start) ? this.#text : undefined;
  }

  read(bytes: Uint8Array, start: number, end: number): string {
    const found = this.find(bytes, start, end);
    if (found !== undefined) return found;
    this.#text = this.#map(readText(bytes, start, end));
    this.#bytes = bytes.slice(start, end);
    return this.#text;
  }
}

/** The number of places, a power of two. The length and the last bytes of a text decide its place. */
const PLACES = 256;
/** In bytes: the lengths of an id and of a hash. */
const SHORTEST = 24;
const LONGEST = 64;

/** Caches texts that are as long as an id. There are few markets, assets and parties, so their ids repeat. */
export class RecentIds {
  readonly #recent = Array.from({ length: PLACES }, () => new RecentText());

  read(bytes: Uint8Array, start: number, end: number): string {
    const length = end - start;
    if (length < SHORTEST || length > LONGEST) return readText(bytes, start, end);
    const hash = length + 7 * bytes[end - 1]! + 53 * bytes[end - 2]! + 199 * bytes[end - 3]!;
    return this.#recent[hash & (PLACES - 1)]!.read(bytes, start, end);
  }
}
