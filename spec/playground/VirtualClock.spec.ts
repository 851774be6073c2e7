import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { VirtualClock } from '../../docs/playground/runner/VirtualClock.js';

type Step = { readonly kind: 'timeout' | 'interval' | 'clear'; readonly n: number } | { readonly kind: 'fire' };

/** The next due of a list: the earliest, and of these the one that was set first. */
const nextOf = <T extends { readonly at: number; readonly order: number }>(timers: readonly T[]): T | undefined =>
  [...timers].sort((a, b) => a.at - b.at || a.order - b.order)[0];

describe('the clock of a program', () => {
  test('for any timers that are set and cleared, they fire at their time, in the order in which they were set', () => {
    const n = fc.nat(20);
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.record({ kind: fc.constantFrom('timeout' as const, 'interval' as const, 'clear' as const), n }),
      fc.constant({ kind: 'fire' as const }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const clock = new VirtualClock();
        const fired: number[] = [];
        const expected: number[] = [];
        const ids: number[] = [];
        let model: { readonly id: number; at: number; order: number; readonly every: number | undefined }[] = [];
        let order = 0;
        let now = 0;
        for (const one of steps) {
          if (one.kind === 'timeout' || one.kind === 'interval') {
            const id = ids.length;
            const every = one.kind === 'interval' ? Math.max(1, one.n) : undefined;
            const set = one.kind === 'interval' ? clock.setInterval : clock.setTimeout;
            ids.push(set(() => fired.push(id), one.n));
            model.push({ id, at: now + (every ?? one.n), order: order++, every });
          } else if (one.kind === 'clear') {
            clock.clear(ids[one.n]);
            model = model.filter(({ id }) => id !== one.n);
          } else {
            const next = nextOf(model);
            clock.fire();
            if (next === undefined) continue;
            now = next.at;
            expected.push(next.id);
            if (next.every === undefined) model = model.filter(other => other !== next);
            else Object.assign(next, { at: now + next.every, order: order++ });
          }
          expect([clock.now, clock.next, fired]).toEqual([now, nextOf(model)?.at, expected]);
        }
      }),
    );
  });

  test('timers that are cleared long before they are due leave the others in place', () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    clock.setTimeout(() => fired.push('kept'), 500);
    for (let i = 0; i < 5000; i++) clock.clear(clock.setTimeout(() => fired.push('cleared'), i));
    clock.setTimeout(() => fired.push('last'), 501);
    while (clock.next !== undefined) clock.fire();
    expect([fired, clock.now]).toEqual([['kept', 'last'], 501]);
  });
});
