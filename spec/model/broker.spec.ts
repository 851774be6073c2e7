import '../flow/invariants.js';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { differs } from './differs.js';
import { Run, turns } from './Run.js';
import { steps } from './steps.js';

// fewer for each of thousands of mutants
const IS_WHOLE = process.env['MUTATE'] === undefined;
const RUNS = IS_WHOLE ? 1000 : 150;

/** What user code can throw at the broker, and what else it can do to it. */
const THROWN = [
  ...['no event', 'unreadable', 'batch changed'],
  ...['getterThrows', 'thenThrows', 'thenable', 'promise', 'late', 'torn', 'missed throws'],
  ...['level breaks', 'level tears', 'listener throws', 'unobserved', 'console throws', 'leaves inside'],
  'kept unknown',
  'acts in a teardown',
];

describe('the broker behaves as its model', () => {
  test('B1 B1g B3 B5 B6 B7 B8 B9 B10 B12 B19 B20 B21 B23 K1 K5 for any steps in any order', async () => {
    const lengths: number[] = [];
    const met = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(steps(30, 60), async all => {
        const run = new Run(all[0]);
        const hasTurns = all.some(turns);
        for (const step of all) {
          const seen = hasTurns ? run.stepAndTurn(step) : run.step(step);
          // waiting for it would be a turn
          const { expected, actual } = seen instanceof Promise ? await seen : seen;
          if (differs(expected, actual)) expect(actual).toEqual(expected);
        }
        if (hasTurns) await run.turn();
        lengths.push(all.length);
        for (const what of run.model.met) met.set(what, (met.get(what) ?? 0) + 1);
      }),
      { numRuns: RUNS, seed: 4 },
    );
    lengths.sort((a, b) => a - b);
    expect(lengths[RUNS / 2]).toBeGreaterThanOrEqual(30);
    // of few runs, the shares say little
    if (!IS_WHOLE) return;
    const share = (what: string): number => (met.get(what) ?? 0) / RUNS;
    for (const what of [
      'saturation',
      'full of bytes',
      'no size',
      'no key',
      'superseded',
      'lanes',
      'overtakes',
      'gathered',
      'drop',
      'hold',
      're-entrant send',
      'failure',
      'retry',
      'close',
      'replay',
      'expired',
      'skip',
      'emit',
      'read',
    ])
      expect([what, share(what) >= 0.1]).toEqual([what, true]);
    for (const what of THROWN) expect([what, share(what) >= 0.05]).toEqual([what, true]);
  });
});
