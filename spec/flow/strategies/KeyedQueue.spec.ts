import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Gap } from '../../../lib/flow/contract/Gap.js';
import { KeyedQueue } from '../../../lib/flow/strategies/KeyedQueue.js';

interface Entry {
  readonly key: number;
  readonly n: number;
  readonly bytes: number;
  readonly superseded: readonly number[];
}

const gapOf = (events: readonly number[], reason: Gap<number>['reason']): Gap<number>[] =>
  events.length === 0 ? [] : [{ count: events.length, reason, first: events[0]!, last: events.at(-1)! }];

const bytesOf = (entries: readonly Entry[]): number => entries.reduce((sum, { bytes }) => sum + bytes, 0);

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ key: fc.integer({ min: 0, max: 4 }), bytes: fc.integer({ min: 0, max: 4 }) }) },
  { weight: 2, arbitrary: fc.constant('shift' as const) },
  { weight: 1, arbitrary: fc.constant('gap' as const) },
);

describe('a keyed queue behaves like a list', () => {
  test('B19a B19b B19d B19e holds the latest of each key, in the place of the first', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4 }),
        fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 8 })),
        fc.array(step, { size: 'medium' }),
        (capacity, capacityBytes, steps) => {
          const opened: Gap<number>[] = [];
          const queue = new KeyedQueue<number>({ capacity, capacityBytes }, gap => void opened.push(gap));
          let list: readonly Entry[] = [];
          let overflow: readonly number[] = [];
          let dropped = 0;

          for (const [n, what] of steps.entries()) {
            if (what === 'gap') {
              const told =
                overflow.length > 0 ? gapOf(overflow, 'overflow') : gapOf(list[0]?.superseded ?? [], 'superseded');
              if (overflow.length === 0)
                list = list.map((entry, i) => (i === 0 ? { ...entry, superseded: [] } : entry));
              overflow = [];
              expect(queue.takeGap()).toEqual(told[0]);
            } else if (what === 'shift') {
              if (list.length === 0) continue;
              expect(queue.shift()).toBe(list[0]!.n);
              expect(queue.sizeTaken).toBe(list[0]!.bytes);
              list = list.slice(1);
            } else {
              const { key, bytes } = what;
              const old = list.find(entry => entry.key === key);
              const after = bytesOf(list) + bytes - (old?.bytes ?? 0);
              const fits = after <= capacityBytes && (old !== undefined || list.length < capacity);
              expect(queue.offer(n, 1, { key, size: bytes })).toBe(fits && old === undefined);
              if (!fits) overflow = [...overflow, n];
              else if (old === undefined) list = [...list, { key, n, bytes, superseded: [] }];
              else {
                const superseded = [...old.superseded, old.n];
                list = list.map(entry => (entry === old ? { key, n, bytes, superseded } : entry));
              }
              if (!fits || old !== undefined) dropped++;
            }
            expect([queue.events, queue.bytes, queue.dropped]).toEqual([list.length, bytesOf(list), dropped]);
            expect([queue.empty, queue.first]).toEqual([list.length === 0, list[0]?.n]);
          }
          expect(opened.every(({ count, reason }) => count === 1 && reason === 'overflow')).toBe(true);
          const waiting = list.map(({ n }) => n);
          expect(queue.clear()).toEqual([
            ...gapOf(overflow, 'overflow'),
            ...gapOf(
              list.flatMap(({ superseded }) => superseded),
              'superseded',
            ),
            ...gapOf(waiting, 'closed'),
          ]);
          expect([queue.events, queue.bytes, queue.dropped]).toEqual([0, 0, dropped + waiting.length]);
        },
      ),
    );
  });
});
