import '../flow/invariants.js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { differs } from './differs.js';
import { parkingSteps } from './parkingSteps.js';
import { Run } from './Run.js';

// fewer for each of thousands of mutants
const IS_WHOLE = process.env['MUTATE'] === undefined;
const RUNS = IS_WHOLE ? 250 : 100;

const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));

/** What happens in one of twenty runs, and what at least once. */
const OFTEN = [
  'saturation',
  'lanes',
  'overtakes',
  'is done',
  'is taken',
  'is behind',
  'is cut',
  'is failed',
  'retry',
  'again',
  'read',
  'emit',
  'late',
  'torn',
  'acts in a teardown',
];
const SELDOM = [
  ...['parked again', 'not taken', 'not wanted', 'no key', 'no size', 'leaves inside'],
  ...[
    'ask later',
    'ask throw',
    'ask full',
    'ask odd',
    'park later',
    'park throw',
    'park full',
    'take later',
    'take throw',
  ],
];

describe('parking beside its model', () => {
  test('B10m B20e B22a B22b B22c B22d B22e B22f B22g B22h B22i B22m B22p K1b whatever fails, in whatever order', async () => {
    const met = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(parkingSteps(30, 60), async all => {
        const run = new Run();
        for (const step of all) {
          const { expected, actual } = await run.stepAndTurn(step);
          if (differs(expected, actual)) expect(actual).toEqual(expected);
          if (unhandled.length > 0) expect(unhandled.splice(0)).toEqual([]);
        }
        for (const what of run.model.met) met.set(what, (met.get(what) ?? 0) + 1);
      }),
      { numRuns: RUNS, seed: 22 },
    );
    // of few runs, the shares say little
    if (!IS_WHOLE) return;
    const share = (what: string): number => (met.get(what) ?? 0) / RUNS;
    const rare = [...OFTEN.filter(what => share(what) < 0.05), ...SELDOM.filter(what => share(what) === 0)];
    expect(rare.map(what => [what, share(what)])).toEqual([]);
  }, 120_000);
});
