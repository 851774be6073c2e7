import fc from 'fast-check';
import type { Step } from './Run.js';
import type { Act, Level, Member, Type } from './World.js';

const calm = (times: number): undefined[] => Array.from({ length: times }, () => undefined);
const type = fc.constantFrom<Type>('A', 'B');
const level = fc.boolean();

const anyMember: fc.Arbitrary<Member> = fc.record({
  required: fc.boolean(),
  types: fc.constantFrom<(readonly Type[] | undefined)[]>(undefined, undefined, ['A'], ['B'], ['A', 'B']),
  batch: fc.boolean(),
  bound: fc.constantFrom(1, 2, 3, 5),
  bytes: fc.constantFrom(undefined, undefined, undefined, 1, 3, 6),
  overflow: fc.constantFrom('dropNewest', 'dropOldest', 'keepLatest', 'keepLatest'),
  lanes: fc.constantFrom(undefined, undefined, 2, 3),
  gather: fc.constantFrom(undefined, undefined, 1, 2, 3),
  onFailure: fc.constantFrom('continue', 'continue', 'continue', 'stop'),
  retry: fc.constantFrom(undefined, undefined, undefined, 0, 1, 2),
  drainOnClose: fc.boolean(),
  holds: fc.boolean(),
  mode: fc.constantFrom('later', 'later', 'later', 'sync', 'instant', 'alternating'),
  shape: fc.constantFrom('observable', 'torn', 'thenable', 'promise'),
  missedThrows: fc.boolean(),
  levelsTear: fc.constantFrom(false, false, true),
  breaks: fc.constantFrom<(Level | undefined)[]>(...calm(30), 'skip', 'hold', 'closed'),
  since: fc.constantFrom<Member['since'][]>(...calm(6), 'replay', 'replay', 'never', 'throws', 'last'),
  oddName: fc.boolean(),
});

/** A Promise never ends within the call. Only the steps with parkings have Promises in lanes. */
export const member: fc.Arbitrary<Member> = anyMember.map(of =>
  of.shape === 'promise' ? { ...of, lanes: undefined, mode: of.mode === 'instant' ? 'later' : of.mode } : of,
);

const who = fc.integer({ min: 1, max: 6 });
const act = <D extends Act['do']>(...kinds: readonly D[]) => fc.constantFrom(...kinds);

const common: fc.WeightedArbitrary<Act>[] = [
  { weight: 8, arbitrary: fc.record({ do: act('send'), type }) },
  { weight: 4, arbitrary: fc.record({ do: act('emit'), type }) },
  { weight: 3, arbitrary: fc.record({ do: act('sendBatch'), types: fc.array(type, { maxLength: 4 }) }) },
  { weight: 9, arbitrary: fc.record({ do: act('acknowledge'), who, nth: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ do: act('fail'), who, nth: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: act('unsubscribe', 'closed'), who }) },
  { weight: 4, arbitrary: fc.record({ do: act('skip', 'hold'), who, level }) },
  { weight: 1, arbitrary: fc.record({ do: act('subscribe'), member }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: act('sendOdd'),
      what: fc.constantFrom('undefined', 'null', 'hole', 'unreadable', 'unreadable', 'unreadable'),
      batch: fc.boolean(),
    }),
  },
];

const leaving = fc.constantFrom('unsubscribe', 'closed', 'break');
const breaks = fc.record({ do: act('break'), who, what: fc.constantFrom<Level[]>('skip', 'hold', 'closed') });

const throws = fc.record({
  do: fc.constant('throw' as const),
  times: fc.integer({ min: 1, max: 3 }),
  leaves: fc.constantFrom(false, false, true),
  by: fc.constantFrom(undefined, 'getterThrows', 'thenThrows'),
  how: leaving,
});

const ends: fc.WeightedArbitrary<Act>[] = [
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('close' as const, 'drain' as const) }) },
];
const leave = { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), how: leaving }) };

const inTeardown = fc.oneof(...common, ...ends, { ...leave, weight: 4 });

const inside = fc.oneof(
  ...common,
  { weight: 6, arbitrary: fc.record({ do: act('send'), type }) },
  { weight: 7, arbitrary: throws },
  ...ends,
  leave,
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('changeBatch' as const), how: fc.constantFrom('grow', 'empty') }),
  },
);

const outside = fc.oneof(
  { weight: 24, arbitrary: fc.oneof(...common) },
  { weight: 1, arbitrary: fc.record({ do: act('receive', 'read') }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('arm' as const), in: who, act: inside }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('arm' as const),
      in: who,
      act: inTeardown,
      at: fc.constant('teardown' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      breaks,
      fc.record({ do: act('observe'), level }),
      fc.record({ do: act('listen'), how: fc.constantFrom('observer', 'operator') }),
      fc.record({ do: act('console'), how: fc.constantFrom('works', 'picky', 'throws') }),
    ),
  },
) as fc.Arbitrary<Step>;

const end = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom<Step>({ do: 'close' }, { do: 'drain' }) },
  { weight: 1, arbitrary: outside },
);

/** Some subscribers, then what happens to them. */
export const steps = (least: number, most: number): fc.Arbitrary<readonly Step[]> =>
  fc
    .tuple(
      fc.option(
        fc.record({
          do: fc.constant('keep' as const),
          events: fc.constantFrom(1, 2, 4, 8),
          bytes: fc.constantFrom(undefined, undefined, 1, 4, 7),
          byKey: fc.boolean(),
        }),
        { nil: undefined, freq: 2 },
      ),
      fc.array(fc.record({ do: fc.constant('subscribe' as const), member }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom<Step[][]>([], [], [{ do: 'receive' }], [{ do: 'receive' }, { do: 'read' }]),
      fc.array(outside, { minLength: least, maxLength: most, size: 'max' }),
      fc.array(end, { minLength: 1, maxLength: 4 }),
    )
    .map(([keep, first, source, then, last]) => {
      const all = [...first, ...source, ...then, ...last];
      return keep === undefined ? all.map(withoutSince) : [keep, ...all];
    });

/** A broker that keeps nothing takes no late subscriber. */
const withoutSince = (step: Step): Step => {
  if (step.do === 'arm') return { ...step, act: withoutSince(step.act as Step) as typeof step.act };
  return step.do === 'subscribe' ? { ...step, member: { ...step.member, since: undefined } } : step;
};
