import type { TimelineModel } from '../model/TimelineModel.js';
import { movedInto, scrolled, zoomed, type TimeRange } from '../view/TimeRange.js';

/** How far before the latest instant a new view begins that follows it, in ms. */
const FOLLOWED = 30_000;

/**
 * What of a model is in view.
 *
 *     all         the whole recording, however long it grows
 *     following   the last part of it, of one length
 *     else        a range that stays
 */
export class View {
  #range: TimeRange | undefined;
  #length = FOLLOWED;
  #isAll = true;
  #isFollowing = true;

  constructor(readonly model: () => TimelineModel) {}

  /** Whether new records come into view. */
  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** The whole time of the model, and a little after it: what has just happened is not at the very edge. */
  get bounds(): TimeRange {
    const { from, to } = this.model();
    return { from, to: to + Math.max(1, (to - from) * 0.01) };
  }

  get range(): TimeRange {
    const { bounds } = this;
    if (this.#isAll) return movedInto(bounds, bounds);
    if (this.#isFollowing) return movedInto({ from: bounds.to - this.#length, to: bounds.to }, bounds);
    return movedInto(this.#range ?? bounds, bounds);
  }

  show(range: TimeRange): void {
    const { bounds } = this;
    this.#range = movedInto(range, bounds);
    this.#length = this.#range.to - this.#range.from;
    this.#isAll = this.#range.from <= bounds.from && this.#range.to >= bounds.to;
    this.#isFollowing = this.#range.to >= bounds.to;
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

  /** The latest instants, with the length of the view; new records move it on. */
  toEnd(): void {
    const { from, to } = this.range;
    const { bounds } = this;
    this.show({ from: bounds.to - (to - from), to: bounds.to });
  }

  showAll(): void {
    this.#isAll = true;
    this.#isFollowing = true;
  }

  /** Moves as little as it must to show the range, or its start if it is longer. */
  reveal({ from, to }: TimeRange): void {
    const { range } = this;
    if (from >= range.from && to <= range.to) return;
    if (from >= range.from && from <= range.to) return;
    const length = range.to - range.from;
    this.show({ from: from - length / 4, to: from + (length * 3) / 4 });
  }
}
