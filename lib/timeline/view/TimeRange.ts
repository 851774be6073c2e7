/** A range of time, in ms. */
export interface TimeRange {
  /** Where it begins, in ms. */
  readonly from: number;
  /** Where it ends, in ms. */
  readonly to: number;
}

/** No view is shorter, in ms. */
const SHORTEST = 1;

/** The range with the length of `range`, or that of `bounds` if that is less, moved into `bounds`. */
export const movedInto = (range: TimeRange, bounds: TimeRange): TimeRange => {
  const length = Math.min(Math.max(range.to - range.from, SHORTEST), Math.max(bounds.to - bounds.from, SHORTEST));
  const from = Math.max(bounds.from, Math.min(range.from, bounds.to - length));
  return { from, to: from + length };
};

/** Moved by a part of its length. */
export const scrolled = ({ from, to }: TimeRange, part: number, bounds: TimeRange): TimeRange => {
  const by = (to - from) * part;
  return movedInto({ from: from + by, to: to + by }, bounds);
};

/** Longer by `factor`; the instant `around` stays where it is. */
export const zoomed = ({ from, to }: TimeRange, factor: number, around: number, bounds: TimeRange): TimeRange => {
  const length = Math.min(Math.max((to - from) * factor, SHORTEST), Math.max(bounds.to - bounds.from, SHORTEST));
  const start = around - ((around - from) / (to - from)) * length;
  return movedInto({ from: start, to: start + length }, bounds);
};
