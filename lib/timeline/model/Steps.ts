import { Column } from './Column.js';

/** A backlog over time: from each instant on, so many events are pending. */
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

  /** Of steps at one instant, the peak and the last one are kept. */
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

  /** Drops those before, but for the last of them: its value still holds. */
  dropBefore(at: number): void {
    const count = Math.max(0, this.ats.countBelow(at) - 1);
    this.ats.dropFirst(count);
    this.values.dropFirst(count);
  }

  /** The value at an instant, after all steps of that instant. */
  valueAt(at: number): number {
    const before = this.ats.countBelow(at + Number.EPSILON * Math.max(1, Math.abs(at)));
    return before === 0 ? 0 : this.values.at(before - 1);
  }
}
