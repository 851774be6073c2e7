import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BoundedQueue } from '../../lib/flow/mailbox/BoundedQueue.js';
import type { Gap } from '../../lib/flow/contract/Gap.js';
import { batchOfEvents, singleEvent, type Measure } from '../../lib/flow/mailbox/Measure.js';

const unit = batchOfEvents as Measure<readonly number[], number>;

/** One list of what waits and of what was lost, in order: the plain picture of units with gaps between them. */
type Entry = { readonly unit: readonly number[] } | { readonly lost: readonly number[] };

const gapOf = (lost: readonly number[]): Gap<number> => ({
  count: lost.length,
  reason: 'overflow',
  first: lost[0] as number,
  last: lost.at(-1) as number,
});

/** Neighbouring losses are one gap. */
const joined = (entries: readonly Entry[]): Entry[] =>
  entries.reduce<Entry[]>((all, entry) => {
    const last = all.at(-1);
    if (last !== undefined && 'lost' in last && 'lost' in entry)
      return [...all.slice(0, -1), { lost: [...last.lost, ...entry.lost] }];
    return [...all, entry];
  }, []);

describe('B3 a bounded queue', () => {
  for (const overflow of ['dropNewest', 'dropOldest'] as const) {
    test(`B3c B3e B3f B3h B3j holds at most its capacity, and knows what it dropped and in which place: ${overflow}`, () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: 5 }),
          fc.array(fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }) }, fc.constant('shift' as const))),
          (capacity, steps) => {
            const opened: Gap<number>[] = [];
            const queue = new BoundedQueue<readonly number[], number>(unit, { capacity, overflow }, gap => {
              opened.push(gap);
            });
            let model: Entry[] = [];
            const openings: Gap<number>[] = [];
            const isLost = (index: number) => model[index] !== undefined && 'lost' in model[index];
            let next = 0;
            let dropped = 0;
            const events = () => model.reduce((sum, entry) => sum + ('unit' in entry ? entry.unit.length : 0), 0);

            for (const step of steps) {
              if (step === 'shift') {
                const gap = queue.takeGap();
                if (model[0] !== undefined && 'lost' in model[0] && model.length > 1) {
                  expect(gap).toEqual(gapOf(model[0].lost));
                  model.shift();
                } else expect(gap).toBeUndefined();
                const first = model[0];
                if (first === undefined || !('unit' in first)) continue;
                expect(queue.shift()).toEqual(first.unit);
                model.shift();
              } else {
                const batch = Array.from({ length: step }, () => next++);
                const fits = events() + step <= capacity;
                const accepted = queue.offer(batch, step, 0);
                if (fits) model.push({ unit: batch });
                else if (overflow === 'dropNewest' || step > capacity) {
                  if (!isLost(model.length - 1)) openings.push(gapOf(batch));
                  model.push({ lost: batch });
                  dropped += step;
                } else {
                  let hasOpened = false;
                  while (events() + step > capacity) {
                    const index = model.findIndex(entry => 'unit' in entry);
                    const entry = model[index] as { readonly unit: readonly number[] };
                    dropped += entry.unit.length;
                    hasOpened ||= !isLost(index - 1) && !isLost(index + 1);
                    model[index] = { lost: entry.unit };
                    model = joined(model);
                  }
                  if (hasOpened) openings.push(gapOf((model[0] as { readonly lost: readonly number[] }).lost));
                  model.push({ unit: batch });
                }
                expect(accepted).toBe(fits || (overflow === 'dropOldest' && step <= capacity));
              }
              model = joined(model);
              expect(queue.events).toBe(events());
              expect(queue.events).toBeLessThanOrEqual(capacity);
              expect(queue.dropped).toBe(dropped);
              expect(queue.empty).toBe(events() === 0);
            }

            const gaps = model.flatMap(entry => ('lost' in entry ? [gapOf(entry.lost)] : []));
            const waiting = model.flatMap(entry => ('unit' in entry ? entry.unit : []));
            const left = waiting.length > 0 ? [{ ...gapOf(waiting), reason: 'closed' as const }] : [];
            expect(queue.clear()).toEqual([...gaps, ...left]);
            expect([queue.events, queue.empty, queue.dropped]).toEqual([0, true, dropped + waiting.length]);
            expect(opened).toEqual(openings);
          },
        ),
      );
    });
  }

  test('emptying it returns everything that waited', () => {
    const queue = new BoundedQueue<unknown, unknown>(singleEvent, {}, () => undefined);
    queue.push(undefined, 1, 0);
    expect(queue.clear()).toEqual([{ count: 1, reason: 'closed', first: undefined, last: undefined }]);
    expect(queue.clear()).toEqual([]);
  });

  test('without a capacity nothing is dropped', () => {
    const queue = new BoundedQueue<readonly number[], number>(unit, {}, () => undefined);
    for (let i = 0; i < 3000; i++) expect(queue.offer([i], 1, 0)).toBe(true);
    expect([queue.events, queue.dropped, queue.first]).toEqual([3000, 0, [0]]);
  });
});
