import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { followedPosition } from '../../../lib/nats/position/followedPosition.js';
import type { StreamPlace } from '../../../lib/nats/position/StreamPlace.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const followed = () => {
  let positionAt: (received: number) => string | undefined = () => undefined;
  const keeper = followedPosition(
    at => {
      positionAt = at;
      return () => undefined;
    },
    ({ sequence }) => String(sequence),
  );
  return { keeper, ask: (received: number) => positionAt(received) };
};

type Step =
  | { readonly do: 'give'; readonly values: number }
  | { readonly do: 'settle'; readonly part: number }
  | { readonly do: 'ask'; readonly part: number };
const part = fc.double({ min: 0, max: 1, noNaN: true });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('give' as const), values: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ do: fc.constant('settle' as const), part }),
    fc.record({ do: fc.constant('ask' as const), part }),
  ),
  { maxLength: 60 },
);

describe('followedPosition', () => {
  test('J4b it is the last position up to a count, for counts that never fall, whatever is settled in between', () => {
    fc.assert(
      fc.property(steps, plan => {
        const { keeper, ask } = followed();
        const all: { readonly sequence: number; readonly bound: number }[] = [];
        let received = 0;
        /** The highest bound that was settled or answered. */
        let floor = 0;
        for (const step of plan) {
          if (step.do === 'give') {
            received += step.values;
            // sequences have holes: other subjects, and what gave nothing
            all.push({ sequence: 3 * all.length + 2, bound: received });
            keeper.given({ sequence: all.at(-1)!.sequence }, received);
          } else if (step.do === 'settle') {
            const settled = all[Math.floor(step.part * (all.length - 1))];
            if (settled === undefined || settled.bound < floor) continue;
            keeper.settled({ sequence: settled.sequence });
            floor = settled.bound;
          } else {
            const asked = Math.round(step.part * received);
            const last = all.findLast(({ bound }) => bound <= asked);
            expect(ask(asked)).toBe(last === undefined || asked < floor ? undefined : String(last.sequence));
            floor = Math.max(floor, last?.bound ?? 0);
          }
        }
      }),
    );
  });

  test('J4d positions that were asked for are no longer kept, even if nothing is settled', async () => {
    const { keeper, ask } = followed();
    const give = (count: number): readonly WeakRef<StreamPlace>[] =>
      Array.from({ length: count }, (_, i) => {
        const place = { sequence: i + 1 };
        keeper.given(place, i + 1);
        return new WeakRef(place);
      });
    const places = give(1000);
    expect(ask(990)).toBe('990');
    await new Promise(resolve => setImmediate(resolve));
    collectGarbage();
    // the one of the answer is kept, and those after it
    expect(places.filter(place => place.deref() !== undefined)).toHaveLength(11);
    expect(ask(1000)).toBe('1000');
  });
});
