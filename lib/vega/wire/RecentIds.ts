import { RecentText } from './RecentText.js';
import { readText } from './text.js';

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
