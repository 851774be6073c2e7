import fc from 'fast-check';
import type { Step } from './Run.js';
import { FIRST_AGAIN, type Again, type Answer, type Takes } from './Taking.js';
import type { Act, Member, Type } from './World.js';

const type = fc.constant<Type>('A');
const act = <D extends string>(...kinds: readonly D[]) => fc.constantFrom(...kinds);

const takes: fc.Arbitrary<Takes> = fc.record({
  by: fc.constantFrom('park', 'park', 'park', 'function'),
  name: fc.constantFrom('x', 'x', 'y'),
  isKeyed: fc.constantFrom(true, true, false),
  most: fc.constantFrom(100, 100, 100, 2, 4),
  hasOnly: fc.boolean(),
  isSlow: fc.constantFrom(false, false, true),
});

/** Whose failures are taken. */
const taken: fc.Arbitrary<Member> = fc.record({
  required: fc.constant(true),
  types: fc.constant(undefined),
  batch: fc.constantFrom(false, false, false, false, true),
  bound: fc.constantFrom(1, 2, 5),
  bytes: fc.constantFrom(...Array.from({ length: 7 }, () => undefined), 3),
  overflow: fc.constant('dropNewest' as const),
  lanes: fc.constantFrom(undefined, undefined, 1, 2, 3),
  maxAhead: fc.constantFrom(undefined, undefined, 1, 2),
  onFailure: fc.constant('stop' as const),
  takes,
  retry: fc.constantFrom(undefined, undefined, 0, 1, 2),
  drainOnClose: fc.boolean(),
  holds: fc.constantFrom(false, false, true),
  mode: fc.constantFrom('later', 'later', 'sync', 'instant', 'alternating'),
  shape: fc.constantFrom('observable', 'thenable', 'torn'),
});

/** Work by Promises ends later. */
const promised: fc.Arbitrary<Member> = taken.map(member => ({
  ...member,
  shape: 'promise',
  mode: member.mode === 'instant' ? 'later' : member.mode,
}));

/** Who has no part in it. */
const other: fc.Arbitrary<Member> = taken.map(member => ({
  ...member,
  takes: undefined,
  onFailure: 'continue',
  maxAhead: undefined,
  lanes: undefined,
  shape: 'observable',
}));
const member = fc.oneof(
  { weight: 5, arbitrary: taken },
  { weight: 3, arbitrary: promised },
  { weight: 1, arbitrary: other },
);

const again: fc.Arbitrary<Again> = fc.record({
  member: fc
    .tuple(fc.oneof(taken, taken, promised), fc.constantFrom('takes', 'takes', 'takes', 'stop', 'continue'))
    .map(([{ takes: its, ...all }, how]): Member => {
      const one = { ...all, batch: false, holds: false, drainOnClose: false, bytes: undefined };
      if (how !== 'takes') return { ...one, onFailure: how };
      return { ...one, takes: { ...its!, isKeyed: true } };
    }),
  isPicky: fc.constantFrom(false, false, true),
  limit: fc.constantFrom(undefined, undefined, 1, 2),
});

/** A subscriber, or what is given again. */
const who = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 2, arbitrary: fc.integer({ min: FIRST_AGAIN, max: FIRST_AGAIN + 2 }) },
);
const nth = fc.nat(2);

const common: fc.WeightedArbitrary<Act>[] = [
  { weight: 6, arbitrary: fc.record({ do: act('send'), type }) },
  { weight: 6, arbitrary: fc.record({ do: act('emit'), type }) },
  { weight: 2, arbitrary: fc.record({ do: act('sendBatch'), types: fc.array(type, { maxLength: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ do: act('unsubscribe', 'closed'), who }) },
  { weight: 1, arbitrary: fc.record({ do: act('subscribe'), member }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: act('skip', 'hold'), who: fc.integer({ min: 1, max: 4 }), level: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: act('discard'), id: fc.integer({ min: 1, max: 8 }) }) },
];

const leaving = fc.constantFrom('unsubscribe', 'closed', 'break');
const throws = fc.record({
  do: act('throw'),
  times: fc.integer({ min: 1, max: 3 }),
  leaves: fc.constantFrom(false, false, false, true),
  by: fc.constantFrom(undefined, undefined, 'getterThrows', 'thenThrows'),
  how: leaving,
});
const ends = { weight: 1, arbitrary: fc.record({ do: act('close', 'drain') }) };
const leave = { weight: 1, arbitrary: fc.record({ do: act('leave'), how: leaving }) };

const inHandler = fc.oneof(...common, { weight: 30, arbitrary: throws }, ends, leave);
const inTaking = fc.oneof(
  ...common,
  {
    weight: 24,
    arbitrary: fc.record({
      do: act('answer'),
      how: fc.constantFrom<Answer[]>('later', 'later', 'instant', 'throw', 'throw', 'instantFail', 'full', 'odd', 'no'),
      times: fc.integer({ min: 1, max: 2 }),
    }),
  },
  ends,
  leave,
);

const inTeardown = fc.oneof(...common, ends, leave);

const outside = fc.oneof(
  { weight: 24, arbitrary: fc.oneof(...common) },
  { weight: 20, arbitrary: fc.record({ do: act('acknowledge'), who, nth }) },
  { weight: 10, arbitrary: fc.record({ do: act('fail'), who, nth, isFull: fc.constantFrom(false, false, true) }) },
  { weight: 6, arbitrary: again.map(of => ({ do: 'again' as const, ...of })) },
  { weight: 1, arbitrary: fc.record({ do: act('receive', 'read') }) },
  { weight: 8, arbitrary: fc.record({ do: act('arm'), in: who, act: inHandler }) },
  { weight: 10, arbitrary: fc.record({ do: act('arm'), in: who, act: inTaking, at: act('taking') }) },
  { weight: 4, arbitrary: fc.record({ do: act('arm'), in: who, act: inTeardown, at: act('teardown') }) },
) as fc.Arbitrary<Step>;

/** Subscribers that park what fails, and what happens to them. */
export const parkingSteps = (least: number, most: number): fc.Arbitrary<readonly Step[]> =>
  fc
    .tuple(
      fc.array(fc.record({ do: act('subscribe'), member }), { minLength: 1, maxLength: 3 }),
      fc.constantFrom<Step[][]>([], [{ do: 'receive' }], [{ do: 'receive' }, { do: 'read' }]),
      fc.array(outside, { minLength: least, maxLength: most, size: 'max' }),
      fc.constantFrom<Step[]>([{ do: 'close' }], [{ do: 'drain' }], []),
    )
    .map(([first, source, then, last]) => [...first, ...source, ...then, ...last]);
