import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { InspectRecord } from 'rx-event-broker/inspect';
import { Points } from '../../../lib/timeline/model/Points.js';
import { Spans } from '../../../lib/timeline/model/Spans.js';
import { Steps } from '../../../lib/timeline/model/Steps.js';
import { barsOf, CELL, densityOf, glyphsOf, peaksOf, stripsOf, xOf } from '../../../lib/timeline/view/decimate.js';

const KINDS = ['dropped', 'superseded', 'failed', 'stalled', 'lost'] as const;
const record = (kind: InspectRecord['kind']): InspectRecord => ({ n: 1, at: 0, kind, broker: 'b', paused: false });

/** A range of the instants 0 to 1000, and how wide it is drawn. */
const scale = fc
  .record({
    a: fc.integer({ min: -50, max: 1050 }),
    length: fc.integer({ min: 1, max: 1100 }),
    width: fc.integer({ min: 20, max: 400 }),
  })
  .map(({ a, length, width }) => ({ from: a, to: a + length, width }));
const instants = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.constantFrom(...KINDS)), { maxLength: 300 })
  .map(marks => marks.sort(([a], [b]) => a - b));
/** As deliveries end: in the order of their ends. */
const lengths = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 300 }), fc.boolean()), {
    maxLength: 200,
  })
  .map(spans =>
    spans.map(([start, length, fails]) => ({ start, end: start + length, fails })).sort((a, b) => a.end - b.end),
  );

const pointsOf = (marks: readonly (readonly [number, (typeof KINDS)[number]])[]): Points => {
  const points = new Points();
  for (const [at, kind] of marks) points.push(at, record(kind));
  return points;
};
const spansOf = (spans: readonly { start: number; end: number; fails: boolean }[]): Spans => {
  const all = new Spans();
  for (const { start, end, fails } of spans) all.push(start, end, record('began'), 0, fails ? 'failed' : 'ended');
  return all;
};

describe('the entries in view are found without a scan of the rest', () => {
  test('T1b of points: the same as a plain filter', () => {
    fc.assert(
      fc.property(instants, scale, (marks, { from, to }) => {
        const found: number[] = [];
        pointsOf(marks).within(from, to, i => found.push(i));
        expect(found).toEqual(marks.flatMap(([at], i) => (at >= from && at <= to ? [i] : [])));
      }),
    );
  });

  test('T1b of spans: the same as a plain filter, also after the first ones were dropped', () => {
    fc.assert(
      fc.property(lengths, scale, fc.integer({ min: 0, max: 1000 }), (spans, { from, to }, before) => {
        const all = spansOf(spans);
        all.dropBefore(before);
        const found: (readonly [number, number])[] = [];
        all.within(from, to, i => found.push([all.starts.at(i), all.ends.at(i)]));
        expect(found).toEqual(
          spans
            .filter(({ start, end }) => end >= before && end >= from && start <= to)
            .map(({ start, end }) => [start, end]),
        );
      }),
    );
  });
});

describe('decimation', () => {
  test('T1b every mark in view has a glyph of its kind within a cell, and each is counted once', () => {
    fc.assert(
      fc.property(instants, scale, (marks, to) => {
        const glyphs = glyphsOf(pointsOf(marks), to);
        const seen = marks.filter(([at]) => at >= to.from && at <= to.to);
        for (const [at, kind] of seen)
          expect(glyphs.some(glyph => glyph.kind === kind && Math.abs(glyph.x - xOf(to, at)) < CELL)).toBe(true);
        for (const kind of KINDS) {
          const counted = glyphs.filter(glyph => glyph.kind === kind).reduce((sum, { count }) => sum + count, 0);
          expect(counted).toBe(seen.filter(([, each]) => each === kind).length);
        }
        expect(glyphs.length).toBeLessThanOrEqual(KINDS.length * (Math.ceil(to.width / CELL) + 1));
      }),
    );
  });

  test('T1b every gap in view lies under a strip that is wide enough to be seen', () => {
    fc.assert(
      fc.property(lengths, scale, (gaps, to) => {
        const strips = stripsOf(spansOf(gaps), to, 3);
        for (const [x, end] of strips) expect(end - x).toBeGreaterThanOrEqual(3 - 1e-9);
        for (const { start, end } of gaps.filter(gap => gap.end >= to.from && gap.start <= to.to)) {
          const [left, right] = [Math.max(0, xOf(to, start)), Math.min(to.width, xOf(to, end))];
          expect(strips.some(([x, stop]) => x <= left + 1e-9 && stop >= right - 1e-9)).toBe(true);
        }
      }),
    );
  });

  test('every delivery in view is under a bar, a failed one under a bar of its colour, and there are few bars', () => {
    fc.assert(
      fc.property(lengths, scale, (spans, to) => {
        const bars = barsOf(spansOf(spans), to);
        for (const { start, end, fails } of spans.filter(span => span.end >= to.from && span.start <= to.to)) {
          const left = Math.max(0, xOf(to, start));
          const isUnder = bars.some(
            ({ x, width, outcome }) =>
              x <= left + 1e-9 && x + width >= Math.min(left, to.width) - 1e-9 && (!fails || outcome === 1),
          );
          expect([start, end, isUnder]).toEqual([start, end, true]);
        }
        for (const { shade } of bars) expect(shade > 0 && shade <= 1).toBe(true);
      }),
    );
  });

  test('no peak of a backlog is lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.nat(50)), { maxLength: 200 }),
        scale,
        (steps, to) => {
          const all = new Steps();
          steps.sort(([a], [b]) => a - b).forEach(([at, value]) => all.push(at, value));
          const peaks = peaksOf(all, to);
          const highest = steps.filter(([at]) => at >= to.from && at <= to.to).map(([, value]) => value);
          const before = steps.filter(([at]) => at <= to.from).at(-1)?.[1] ?? 0;
          expect(peaks.reduce((a, b) => Math.max(a, b), 0)).toBe(Math.max(before, ...highest));
        },
      ),
    );
  });

  test('each point of a source is in its pixel', () => {
    fc.assert(
      fc.property(instants, scale, (marks, to) => {
        const density = densityOf(pointsOf(marks), to);
        const plain = new Uint32Array(density.length);
        for (const [at] of marks) if (at >= to.from && at <= to.to) plain[Math.floor(xOf(to, at))]!++;
        expect(density).toEqual(plain);
      }),
    );
  });
});
