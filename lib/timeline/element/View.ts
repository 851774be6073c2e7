import type { TimelineModel } from '../model/TimelineModel.js';
import { movedInto, scrolled, zoomed, type TimeRange } from '../view/TimeRange.js';

/** The initial length of a following view, in ms. */
const FOLLOWED = 30_000;

/**
 * The visible range of a model.
 *
 *     all         the whole recording, however long it grows
 *     following   the last part, with a fixed length; during a long silence it stays at the last record
 *     otherwise   a fixed range
 */
export class View {
  #range: TimeRange | undefined;
  #length = FOLLOWED;
  #isAll = false;
  #isFollowing = true;

  constructor(readonly model: () => TimelineModel) {}

  /** Whether it moves on with new records. */
  get isFollowing(): boolean {
    return this.#isFollowing && !this.#isAll;
  }

  /** Whether the whole recording is shown. */
  get isAll(): boolean {
    return this.#isAll;
  }

  /** The whole time of the model, and a little more, so that the newest records are not at the very edge. */
  get bounds(): TimeRange {
    const { from, to } = this.model();
    return { from, to: to + Math.max(1, (to - from) * 0.01) };
  }

  get range(): TimeRange {
    const { bounds } = this;
    if (this.#isAll) return movedInto(bounds, bounds);
    if (this.#isFollowing) {
      const end = this.#newest(this.#length);
      return movedInto({ from: end - this.#length, to: end }, bounds);
    }
    return movedInto(this.#range ?? bounds, bounds);
  }

  /** The visible range up to the latest known time. */
  get known(): TimeRange {
    const { from, to } = this.range;
    return { from, to: Math.min(to, this.model().to) };
  }

  show(range: TimeRange): void {
    const { bounds } = this;
    this.#range = movedInto(range, bounds);
    this.#length = this.#range.to - this.#range.from;
    this.#isAll = this.#range.from <= bounds.from && this.#range.to >= bounds.to;
    // after a long silence, the end of the range is not near the newest records
    this.#isFollowing = this.#range.to >= bounds.to && !this.#isSilent(this.#length);
  }

  scroll(part: number): void {
    this.show(scrolled(this.range, part, this.bounds));
  }

  zoom(factor: number, around = (this.range.from + this.range.to) / 2): void {
    // a keyboard zoom while following keeps the newest records in view
    this.show(zoomed(this.range, factor, around, this.bounds));
  }

  /** Moves to the start, and keeps the length of the view. */
  toStart(): void {
    const { from, to } = this.range;
    const { bounds } = this;
    this.show({ from: bounds.from, to: bounds.from + (to - from) });
  }

  /** Moves to the end, and follows new records. Keeps the length of the view, or uses some seconds after `showAll`. */
  toEnd(): void {
    const { from, to } = this.range;
    this.#length = this.#isAll ? FOLLOWED : to - from;
    this.#isAll = false;
    this.#isFollowing = true;
  }

  /** Returns to the initial state: following, with the initial length. */
  reset(): void {
    this.#isAll = true;
    this.toEnd();
  }

  showAll(): void {
    this.#isAll = true;
    this.#isFollowing = false;
  }

  /** Scrolls as little as possible to show the range, or the start of a range that does not fit. */
  reveal({ from, to }: TimeRange): void {
    const { range } = this;
    if (from >= range.from && to <= range.to) return;
    if (from >= range.from && from <= range.to) return;
    const length = range.to - range.from;
    this.show({ from: from - length / 4, to: from + (length * 3) / 4 });
  }

  /** Whether nothing was recorded for the last half of a view of this length. */
  #isSilent(length: number): boolean {
    const { to, last } = this.model();
    return to - last > length / 2;
  }

  /** The end of a following view of this length. At most half of the view is later than the last record. */
  #newest(length: number): number {
    const { to, last } = this.model();
    return Math.min(this.bounds.to, to + length * 0.02, last + length / 2);
  }
}
