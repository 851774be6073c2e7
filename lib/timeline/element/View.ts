import type { TimelineModel } from '../model/TimelineModel.js';
import { movedInto, scrolled, zoomed, type TimeRange } from '../view/TimeRange.js';

/** How far before the latest instant a new view begins that follows it, in ms. */
const FOLLOWED = 30_000;

/**
 * What of a model is in view.
 *
 *     all         the whole recording, however long it grows
 *     following   the last part of it, of one length; where nothing happens for long it stays at the last record
 *     else        a range that stays
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

  /** The whole time of the model, and a little after it: what has just happened is not at the very edge. */
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

  /** The range without what lies after the latest instant. */
  get known(): TimeRange {
    const { from, to } = this.range;
    return { from, to: Math.min(to, this.model().to) };
  }

  show(range: TimeRange): void {
    const { bounds } = this;
    this.#range = movedInto(range, bounds);
    this.#length = this.#range.to - this.#range.from;
    this.#isAll = this.#range.from <= bounds.from && this.#range.to >= bounds.to;
    // after a long silence, the end of the time is not where the newest records are
    this.#isFollowing = this.#range.to >= bounds.to && !this.#isSilent(this.#length);
  }

  scroll(part: number): void {
    this.show(scrolled(this.range, part, this.bounds));
  }

  zoom(factor: number, around = (this.range.from + this.range.to) / 2): void {
    // who follows, and zooms by the keyboard, wants the latest to stay
    this.show(zoomed(this.range, factor, around, this.bounds));
  }

  /** The first instants, with the length of the view. */
  toStart(): void {
    const { from, to } = this.range;
    const { bounds } = this;
    this.show({ from: bounds.from, to: bounds.from + (to - from) });
  }

  /** The latest instants, with the length of the view, or after `showAll` some seconds; new records move it on. */
  toEnd(): void {
    const { from, to } = this.range;
    this.#length = this.#isAll ? FOLLOWED : to - from;
    this.#isAll = false;
    this.#isFollowing = true;
  }

  /** As at the beginning: the latest instants. */
  reset(): void {
    this.#isAll = true;
    this.toEnd();
  }

  showAll(): void {
    this.#isAll = true;
    this.#isFollowing = false;
  }

  /** Moves as little as it must to show the range, or its start if it is longer. */
  reveal({ from, to }: TimeRange): void {
    const { range } = this;
    if (from >= range.from && to <= range.to) return;
    if (from >= range.from && from <= range.to) return;
    const length = range.to - range.from;
    this.show({ from: from - length / 4, to: from + (length * 3) / 4 });
  }

  /** Whether nothing was recorded for half of such a length. */
  #isSilent(length: number): boolean {
    const { to, last } = this.model();
    return to - last > length / 2;
  }

  /** Where a view of this length ends that follows: at most half of it is later than the last record. */
  #newest(length: number): number {
    const { to, last } = this.model();
    return Math.min(this.bounds.to, to + length * 0.02, last + length / 2);
  }
}
