import { RingBuffer } from '../flow/RingBuffer.js';
import type { InspectRecord } from '../inspect/InspectRecord.js';
import type { Line } from './Line.js';
import { Standing } from './Standing.js';

/** The largest number of characters that are kept. */
const MOST_TEXT = 16_000_000;

/**
 * The records for a page that is opened later: the newest ones, and before them older ones that still apply, such as the `began` of
 * a delivery that has not ended.
 *
 *     added      1 2 3 4 5 6 7 8 9         2 began and has not ended
 *     lines        2         6 7 8 9
 */
export class History {
  readonly #limit: number;
  readonly #newest = new RingBuffer<Line>();
  readonly #standing = new Standing();
  #nr = 0;
  #text = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds a record. Returns it as a line of JSON. */
  add(record: InspectRecord): string {
    const line = { nr: ++this.#nr, record, text: asText(record) };
    this.#standing.add(line);
    this.#newest.push(line);
    this.#text += line.text.length;
    while (this.#newest.length > this.#limit || (this.#text > MOST_TEXT && this.#newest.length > 1))
      this.#text -= this.#newest.shift()!.text.length;
    return line.text;
  }

  lines(): readonly string[] {
    const newest = Array.from({ length: this.#newest.length }, (_, i) => this.#newest.at(i)!);
    const first = newest[0]?.nr ?? Infinity;
    return [...this.#standing.lines().filter(({ nr }) => nr < first), ...newest].map(({ text }) => text);
  }
}

/** A record as JSON. If that fails, a text that says so, which the page reports as malformed. */
const asText = (record: InspectRecord): string => {
  try {
    return JSON.stringify(record) ?? '"nothing"';
  } catch {
    return '"a record that JSON cannot write"';
  }
};
