import type { InspectRecord } from '../../inspect/InspectRecord.js';
import { Column } from './Column.js';

/** How a delivery ended: finished, failed, or unknown because the record of its end was lost. */
export const OUTCOMES = ['ended', 'failed', 'unknown'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Entries with a duration: a start, an end, and the record that began it. In the order of the ends. */
export class Spans {
  readonly starts = new Column();
  readonly ends = new Column();
  /** The row of the lane in which the span is drawn. Concurrent deliveries have different rows. */
  readonly slots = new Column();
  readonly outcomes = new Column();
  readonly records: InspectRecord[] = [];
  /** The length of the longest span. It bounds the search for spans that share an instant. */
  #longest = 0;

  get length(): number {
    return this.records.length;
  }

  push(start: number, end: number, record: InspectRecord, slot = 0, outcome: Outcome = 'ended'): void {
    this.starts.push(start);
    this.ends.push(end);
    this.slots.push(slot);
    this.outcomes.push(OUTCOMES.indexOf(outcome));
    this.records.push(record);
    this.#longest = Math.max(this.#longest, end - start);
  }

  /** Extends the last span to this time. */
  extendLast(end: number): void {
    const last = this.length - 1;
    this.ends.set(last, end);
    this.#longest = Math.max(this.#longest, end - this.starts.at(last));
  }

  /** Drops spans that ended earlier. */
  dropBefore(at: number): void {
    const count = this.ends.countBelow(at);
    if (count === 0) return;
    for (const column of [this.starts, this.ends, this.slots, this.outcomes]) column.dropFirst(count);
    this.records.splice(0, count);
  }

  /**
   * Calls `each` with the index of every span that overlaps the range, in the order of the ends, until it returns `false`.
   */
  within(from: number, to: number, each: (index: number) => unknown): void {
    const latest = to + this.#longest;
    for (let i = this.ends.countBelow(from); i < this.length && this.ends.at(i) <= latest; i++) {
      if (this.starts.at(i) <= to && each(i) === false) return;
    }
  }
}
