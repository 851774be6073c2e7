import { isSame, readText } from './text.js';

/**
 * Gives the same string again for the same bytes: most events share their hash and chain id with the one before, and a
 * comparison is a tenth of the price of a string. Keeps a copy of the bytes, not the chunk that they came in.
 */
export class RecentText {
  private bytes = new Uint8Array(0);
  private text = '';

  constructor(private readonly map: (text: string) => string = text => text) {}

  /** The string, where the bytes are those of the last `read`. */
  find(bytes: Uint8Array, start: number, end: number): string | undefined {
    return this.bytes.length === end - start && isSame(this.bytes, bytes, start) ? this.text : undefined;
  }

  read(bytes: Uint8Array, start: number, end: number): string {
    const found = this.find(bytes, start, end);
    if (found !== undefined) return found;
    this.text = this.map(readText(bytes, start, end));
    this.bytes = bytes.slice(start, end);
    return this.text;
  }
}

/** A power of two. A text has one place, by its length and last bytes; who was there before goes. */
const places = 256;
/** In bytes: the digits of an id, and of a hash. */
const shortest = 24;
const longest = 64;

/** Keeps texts of the length of an id: of markets, assets and parties there are few, and they come again and again. */
export class RecentIds {
  private readonly recent = Array.from({ length: places }, () => new RecentText());

  read(bytes: Uint8Array, start: number, end: number): string {
    const length = end - start;
    if (length < shortest || length > longest) return readText(bytes, start, end);
    const hash = length + 7 * bytes[end - 1]! + 53 * bytes[end - 2]! + 199 * bytes[end - 3]!;
    return this.recent[hash & (places - 1)]!.read(bytes, start, end);
  }
}
