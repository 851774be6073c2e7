import { RingBuffer } from '../flow/RingBuffer.js';
import type { InspectRecord } from '../inspect/InspectRecord.js';
import type { Line } from './Line.js';
import { Standing } from './Standing.js';

/** Characters of lines that are kept at most. */
const MOST_TEXT = 16_000_000;

/**
 * What a page gets that is opened later: the newest records, and before them those whose effect still stands, such as the `began`
 * of a delivery that has not ended.
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

  /** Returns the record as a line. */
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

/** What JSON cannot write is written as what it is: the page reports it as malformed. */
const asText = (record: InspectRecord): string => {
  try {
    return JSON.stringify(record) ?? '"nothing"';
  } catch {
    return '"a record that JSON cannot write"';
  }
};
