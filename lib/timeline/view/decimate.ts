import type { RecordKind } from '../../inspect/InspectRecord.js';
import type { Points } from '../model/Points.js';
import type { Spans } from '../model/Spans.js';
import type { Steps } from '../model/Steps.js';
import type { TimeRange } from './TimeRange.js';

/** Maps time to pixels. The range fills `width`. */
export interface Scale extends TimeRange {
  readonly width: number;
}

export const xOf = ({ from, to, width }: Scale, at: number): number => ((at - from) / (to - from)) * width;

/** A bar to draw. `shade`: how much of its pixels is covered, from 0 to 1. `outcome`: an index of `OUTCOMES`. */
export interface Bar {
  readonly x: number;
  readonly width: number;
  readonly slot: number;
  readonly outcome: number;
  readonly shade: number;
}

/** Spans narrower than this are merged, in pixels. */
const NARROW = 2;
const SHADES = 4;

/**
 * Turns spans into bars. Wide spans have their own bars. Narrow spans are merged into runs of pixels, which are darker if more of the
 * time is covered. So there are never many more bars than pixels. A failed delivery is never hidden in a run of others.
 */
export const barsOf = (spans: Spans, scale: Scale): readonly Bar[] => {
  const bars: Bar[] = [];
  const covered = new Float32Array(Math.ceil(scale.width) + 1);
  const failed = new Uint8Array(covered.length);
  spans.within(scale.from, scale.to, i => {
    const outcome = spans.outcomes.at(i);
    const x = Math.max(0, xOf(scale, spans.starts.at(i)));
    const width = Math.min(scale.width, xOf(scale, spans.ends.at(i))) - x;
    if (width >= NARROW) bars.push({ x, width, slot: spans.slots.at(i), outcome, shade: 1 });
    else {
      const pixel = Math.floor(x);
      covered[pixel]! += Math.max(width, 1 / SHADES);
      if (outcome === 1) failed[pixel] = 1;
    }
  });
  let begun = 0;
  for (let pixel = 1; pixel <= covered.length; pixel++) {
    const isSame =
      pixel < covered.length && level(covered, pixel) === level(covered, begun) && failed[pixel] === failed[begun];
    if (isSame) continue;
    const shade = level(covered, begun) / SHADES;
    if (shade > 0) bars.push({ x: begun, width: pixel - begun, slot: -1, outcome: failed[begun]!, shade });
    begun = pixel;
  }
  return bars;
};

const level = (covered: Float32Array, pixel: number): number => Math.min(SHADES, Math.ceil(covered[pixel]! * SHADES));

/** Turns spans into strips of at least `least` pixels. Strips that touch are merged. Every span of the range has a strip. */
export const stripsOf = (spans: Spans, scale: Scale, least: number): readonly (readonly [x: number, end: number])[] => {
  const strips: [number, number][] = [];
  spans.within(scale.from, scale.to, i => {
    const x = Math.max(0, xOf(scale, spans.starts.at(i)));
    const end = Math.min(scale.width, Math.max(xOf(scale, spans.ends.at(i)), x + least));
    const last = strips.at(-1);
    if (last !== undefined && x <= last[1] && x >= last[0]) last[1] = Math.max(last[1], end);
    else strips.push([Math.min(x, scale.width - least), end]);
  });
  return strips;
};

/** A mark to draw. It stands for all marks of its kind in a cell. */
export interface Glyph {
  readonly x: number;
  readonly kind: RecordKind;
  readonly count: number;
}

/** The width of a cell, in pixels. Marks of one kind in a cell are drawn as one. */
export const CELL = 6;

/** Merges the marks of each kind in a cell into one glyph, at the place of the first mark. */
export const glyphsOf = (marks: Points, scale: Scale): readonly Glyph[] => {
  const cells = new Map<RecordKind, Map<number, { x: number; kind: RecordKind; count: number }>>();
  marks.within(scale.from, scale.to, i => {
    const { kind } = marks.records[i]!;
    const x = xOf(scale, marks.ats.at(i));
    const cell = Math.floor(x / CELL);
    const ofKind = cells.get(kind) ?? new Map<number, { x: number; kind: RecordKind; count: number }>();
    cells.set(kind, ofKind);
    const glyph = ofKind.get(cell);
    if (glyph === undefined) ofKind.set(cell, { x, kind, count: 1 });
    else glyph.count++;
  });
  return [...cells.values()].flatMap(ofKind => [...ofKind.values()]);
};

/** The number of points in each pixel. */
export const densityOf = (points: Points, scale: Scale): Uint32Array => {
  const density = new Uint32Array(Math.ceil(scale.width) + 1);
  points.within(scale.from, scale.to, i => density[Math.floor(xOf(scale, points.ats.at(i)))]!++);
  return density;
};

/** The highest value in each pixel, so that no peak is lost. */
export const peaksOf = (steps: Steps, scale: Scale): Float32Array => {
  const peaks = new Float32Array(Math.ceil(scale.width));
  let pixel = 0;
  let value = steps.valueAt(scale.from);
  const fillTo = (end: number): void => {
    for (; pixel < end; pixel++) peaks[pixel] = Math.max(peaks[pixel]!, value);
  };
  for (let i = steps.ats.countBelow(scale.from); i < steps.length && steps.ats.at(i) <= scale.to; i++) {
    const at = Math.min(Math.floor(xOf(scale, steps.ats.at(i))), peaks.length - 1);
    fillTo(at);
    peaks[at] = Math.max(peaks[at]!, value, steps.values.at(i));
    value = steps.values.at(i);
  }
  fillTo(peaks.length);
  return peaks;
};
