import { isSame, readText } from './text.js';

/**
 * Returns the same string for the same bytes. Most events share their hash and chain id with the event before, and
 * comparing costs a tenth of decoding. It keeps a copy of the bytes, not the chunk that they came in.
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

/** A power of two. The length and the last bytes of a text decide its place, where it replaces the text before. */
const PLACES = 256;
/** In bytes: the lengths of an id and of a hash. */
const SHORTEST = 24;
const LONGEST = 64;

/** Caches texts of the length of an id. There are few markets, assets and parties, and their ids come again and again. */
export class RecentIds {
  readonly #recent = Array.from({ length: PLACES }, () => new RecentText());

  read(bytes: Uint8Array, start: number, end: number): string {
    const length = end - start;
    if (length < SHORTEST || length > LONGEST) return readText(bytes, start, end);
    const hash = length + 7 * bytes[end - 1]! + 53 * bytes[end - 2]! + 199 * bytes[end - 3]!;
    return this.#recent[hash & (PLACES - 1)]!.read(bytes, start, end);
  }
}
