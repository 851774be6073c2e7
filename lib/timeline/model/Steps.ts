import { Column } from './Column.js';

/** A backlog over time: the number of pending events from each instant on. */
export class Steps {
  readonly ats = new Column();
  readonly values = new Column();

  get length(): number {
    return this.ats.length;
  }

  /** The value after the last step. */
  get last(): number {
    return this.length === 0 ? 0 : this.values.at(this.length - 1);
  }

  /** Adds a step. If several steps have the same time, the highest and the last are kept. */
  push(at: number, value: number): void {
    const { length, ats, values } = this;
    if (length > 0 && values.at(length - 1) === value) return;
    if (length > 1 && ats.at(length - 2) === at) {
      values.set(length - 2, Math.max(values.at(length - 2), values.at(length - 1)));
      values.set(length - 1, value);
      return;
    }
    ats.push(at);
    values.push(value);
  }

  /** Drops earlier steps, except the last one, whose value still applies. */
  dropBefore(at: number): void {
    const count = Math.max(0, this.ats.countBelow(at) - 1);
    this.ats.dropFirst(count);
    this.values.dropFirst(count);
  }

  /** The value after all steps of an instant. */
  valueAt(at: number): number {
    const before = this.ats.countBelow(at + Number.EPSILON * Math.max(1, Math.abs(at)));
    return before === 0 ? 0 : this.values.at(before - 1);
  }
}
