/** A range of time, in ms. */
export interface TimeRange {
  /** The start, in ms. */
  readonly from: number;
  /** The end, in ms. */
  readonly to: number;
}

/** The length of the shortest view, in ms. */
const SHORTEST = 1;

/** Moves `range` into `bounds`. If `range` is longer, returns `bounds`. */
export const movedInto = (range: TimeRange, bounds: TimeRange): TimeRange => {
  const length = Math.min(Math.max(range.to - range.from, SHORTEST), Math.max(bounds.to - bounds.from, SHORTEST));
  const from = Math.max(bounds.from, Math.min(range.from, bounds.to - length));
  return { from, to: from + length };
};

/** Moves a range by a fraction of its length. */
export const scrolled = ({ from, to }: TimeRange, part: number, bounds: TimeRange): TimeRange => {
  const by = (to - from) * part;
  return movedInto({ from: from + by, to: to + by }, bounds);
};

/** Scales a range by `factor`. The time `around` keeps its place. */
export const zoomed = ({ from, to }: TimeRange, factor: number, around: number, bounds: TimeRange): TimeRange => {
  const length = Math.min(Math.max((to - from) * factor, SHORTEST), Math.max(bounds.to - bounds.from, SHORTEST));
  const start = around - ((around - from) / (to - from)) * length;
  return movedInto({ from: start, to: start + length }, bounds);
};
