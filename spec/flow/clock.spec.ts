import { expect, test } from '@jest/globals';
import { asyncScheduler, type SchedulerLike } from 'rxjs';
import { after, elapsed, timerAfter } from '../../lib/flow/clock.js';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';

const LONGEST = 2 ** 31 - 1;

test('a time past 2³¹ ms is waited for in steps that a timer supports', () => {
  const steps: number[] = [];
  let fire = (): void => undefined;
  const scheduler = {
    now: () => 0,
    schedule: (work: () => void, delay: number) => {
      steps.push(delay);
      fire = work;
      return { unsubscribe: () => undefined, add: () => undefined } as never;
    },
  } as unknown as SchedulerLike;
  let fired = 0;
  after(scheduler, 2 * LONGEST + 5, () => fired++);
  fire();
  fire();
  expect(fired).toBe(0);
  fire();
  expect({ fired, steps }).toEqual({ fired: 1, steps: [LONGEST, LONGEST, 5] });
});

test('it can be cancelled, and Infinity never fires', () => {
  let scheduled = 0;
  const scheduler = { now: () => 0, schedule: () => (scheduled++, { unsubscribe: () => scheduled-- }) };
  after(scheduler as unknown as SchedulerLike, Infinity, () => undefined);
  expect(scheduled).toBe(0);
  after(scheduler as unknown as SchedulerLike, 5, () => undefined).unsubscribe();
  expect(scheduled).toBe(0);
});

test('timerAfter is timer', () => {
  runMarbles(({ expectObservable }) => {
    expectObservable(timerAfter(asyncScheduler, 3)).toBe('---(a|)', { a: 0 });
    expectObservable(timerAfter(asyncScheduler, 3), '--!').toBe('---');
  });
});

test('durations do not follow the wall clock', () => {
  const { now } = Date;
  const before = elapsed(asyncScheduler);
  try {
    Date.now = () => now() - 3_600_000;
    expect(elapsed(asyncScheduler)).toBeGreaterThanOrEqual(before);
  } finally {
    Date.now = now;
  }
  expect(elapsed({ now: () => 42, schedule: () => undefined as never })).toBe(42);
});
