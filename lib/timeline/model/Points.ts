import type { InspectRecord } from '../../inspect/InspectRecord.js';
import { Column } from './Column.js';

/** Entries without a duration, in the order of time. */
export class Points {
  readonly ats = new Column();
  readonly records: InspectRecord[] = [];

  get length(): number {
    return this.records.length;
  }

  push(at: number, record: InspectRecord): void {
    this.ats.push(at);
    this.records.push(record);
  }

  dropBefore(at: number): void {
    const count = this.ats.countBelow(at);
    this.ats.dropFirst(count);
    this.records.splice(0, count);
  }

  /** Calls `each` with the index of every point in the range, until it returns `false`. */
  within(from: number, to: number, each: (index: number) => unknown): void {
    for (let i = this.ats.countBelow(from); i < this.length && this.ats.at(i) <= to; i++) {
      if (each(i) === false) return;
    }
  }
}
