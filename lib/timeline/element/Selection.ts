import type { Lane } from '../model/Lane.js';
import { entryBeside, entryNear, type Entry } from '../view/entries.js';
import type { TimeRange } from '../view/TimeRange.js';

/** The lane and the entry that are selected by keyboard. */
export class Selection {
  lane: Lane | undefined;
  entry: Entry | undefined;

  /** Moves to the lane `by` places after the selected one. Without a selection, to the first lane. */
  moveLane(lanes: readonly Lane[], by: number): void {
    const at = this.lane === undefined ? -1 : lanes.indexOf(this.lane);
    this.lane = lanes[Math.max(0, Math.min(lanes.length - 1, at < 0 ? 0 : at + by))];
    this.entry = undefined;
  }

  /** Moves to the next or previous entry. Without a selection, to the one next to the middle of the view. */
  moveEntry(isAfter: boolean, view: TimeRange, bounds: TimeRange): void {
    if (this.lane === undefined) return;
    const at = this.entry?.from ?? (view.from + view.to) / 2;
    this.entry = entryBeside(this.lane, at, isAfter, bounds) ?? this.entry;
  }

  /** If no entry is selected, selects the one that is nearest to the middle of the view. */
  settle(view: TimeRange): void {
    if (this.lane === undefined) return;
    this.entry ??= entryNear(this.lane, (view.from + view.to) / 2, (view.to - view.from) / 2);
  }

  /** Clears the selection if its lane no longer exists. */
  keepTo(lanes: readonly Lane[]): void {
    if (this.lane !== undefined && !lanes.includes(this.lane)) this.lane = this.entry = undefined;
  }
}
