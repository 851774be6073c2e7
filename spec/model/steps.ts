import fc from 'fast-check';
import type { Step } from './Run.js';
import type { Act, Member, Type } from './World.js';

const type = fc.constantFrom<Type>('A', 'B');
const level = fc.boolean();

export const member: fc.Arbitrary<Member> = fc.record({
  required: fc.boolean(),
  types: fc.constantFrom<(readonly Type[] | undefined)[]>(undefined, undefined, ['A'], ['B'], ['A', 'B']),
  batch: fc.boolean(),
  bound: fc.constantFrom(1, 2, 3, 5),
  overflow: fc.constantFrom('dropNewest', 'dropOldest'),
  onFailure: fc.constantFrom('continue', 'continue', 'continue', 'stop'),
  retry: fc.constantFrom(undefined, undefined, undefined, 0, 1, 2),
  drainOnClose: fc.boolean(),
  holds: fc.boolean(),
  mode: fc.constantFrom('later', 'later', 'later', 'sync', 'instant', 'alternating'),
});

const who = fc.integer({ min: 1, max: 6 });
const act = <D extends Act['do']>(...kinds: readonly D[]) => fc.constantFrom(...kinds);

const common: fc.WeightedArbitrary<Act>[] = [
  { weight: 8, arbitrary: fc.record({ do: act('send'), type }) },
  { weight: 3, arbitrary: fc.record({ do: act('sendBatch'), types: fc.array(type, { maxLength: 4 }) }) },
  { weight: 10, arbitrary: fc.record({ do: act('acknowledge'), who }) },
  { weight: 1, arbitrary: fc.record({ do: act('fail'), who }) },
  { weight: 1, arbitrary: fc.record({ do: act('unsubscribe', 'closed'), who }) },
  { weight: 2, arbitrary: fc.record({ do: act('skip', 'hold'), who, level }) },
  { weight: 1, arbitrary: fc.record({ do: act('subscribe'), member }) },
];

const throws = fc.record({
  do: fc.constant('throw' as const),
  times: fc.integer({ min: 1, max: 3 }),
  leaves: fc.constantFrom(false, false, true),
});

const inside = fc.oneof(
  ...common,
  { weight: 6, arbitrary: fc.record({ do: act('send'), type }) },
  { weight: 3, arbitrary: throws },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('close' as const, 'drain' as const) }) },
);

const outside = fc.oneof(...common, {
  weight: 4,
  arbitrary: fc.record({ do: fc.constant('arm' as const), in: who, act: inside }),
}) as fc.Arbitrary<Step>;

const end = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom<Step>({ do: 'close' }, { do: 'drain' }) },
  { weight: 1, arbitrary: outside },
);

/** Some subscribers, then what happens to them. */
export const steps = (least: number, most: number): fc.Arbitrary<readonly Step[]> =>
  fc
    .tuple(
      fc.array(fc.record({ do: fc.constant('subscribe' as const), member }), { minLength: 1, maxLength: 4 }),
      fc.array(outside, { minLength: least, maxLength: most, size: 'max' }),
      fc.array(end, { minLength: 1, maxLength: 4 }),
    )
    .map(([first, then, last]) => [...first, ...then, ...last]);
