import '../../flow/invariants.js';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  bytesOf,
  keyOf,
  MAX_PENDING,
  ReplayRun,
  type Act,
  type Kept,
  type Late,
  type Sent,
  type Step,
} from './ReplayRun.js';

const IS_WHOLE = process.env['MUTATE'] === undefined;
const RUNS = IS_WHOLE ? 800 : 60;

/** What is kept, from a list, event by event. */
const keptOf = (sent: readonly Sent[], { events, bytes = Infinity, isKeyed }: Kept): readonly Sent[] => {
  let kept: Sent[] = [];
  for (const event of sent) {
    if (isKeyed) kept = kept.filter(other => keyOf(other) !== keyOf(event));
    kept.push(event);
    const total = (): number => kept.reduce((sum, each) => sum + bytesOf(each), 0);
    while (kept.length > events || (total() > bytes && kept.length > 1)) kept.shift();
  }
  return kept;
};

/** What a late subscriber is to get: what was kept when the hand-over in which it came had reached everybody, then the rest. */
const expectedFor = (run: ReplayRun, member: ReplayRun['members'][number], kept: Kept) => {
  const { late, at, until } = member;
  const { dispatched } = run;
  const call = dispatched[at - 1]?.call;
  const start = dispatched.findLastIndex(sent => sent.call === call) + 1;
  const asks = ({ type }: Sent): boolean => late.types.length === 0 || late.types.includes(type);
  const all = keptOf(
    dispatched.slice(0, start).map(({ event }) => event),
    kept,
  ).filter(asks);
  const found = late.after === undefined ? -1 : all.findLastIndex(({ n }) => n % 5 === late.after);
  const live = dispatched
    .slice(start, until)
    .map(({ event }) => event)
    .filter(asks);
  return {
    isExpired: late.after !== undefined && found < 0,
    replayed: all.slice(found + 1),
    live,
  };
};

/** Quickly: it is asked after every step. */
const same = (actual: unknown, expected: unknown): void => {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual).toEqual(expected);
};
const atMost = (actual: number, bound: number): void => {
  if (actual > bound) expect(actual).toBeLessThanOrEqual(bound);
};

const numbers = (events: readonly Sent[]): readonly number[] => events.map(({ n }) => n);

/** Each event once, in order; of what was sent, gaps that say what is in them. */
const checkOrder = (member: ReplayRun['members'][number], replayed: readonly Sent[], live: readonly Sent[]): number => {
  const all = [...replayed, ...live];
  let at = 0;
  for (const told of member.told) {
    if (told === 'expired') continue;
    if ('count' in told) {
      atMost(replayed.length, at);
      same([all[at], all[at + told.count - 1]], [told.first, told.last]);
      at += told.count;
    } else {
      same(numbers(told), numbers(all.slice(at, at + told.length)));
      at += told.length;
    }
  }
  return at;
};

const check = (run: ReplayRun, kept: Kept, met: Set<string>): void => {
  const rows = new Map(run.broker.snapshot().subscribers.map(row => [row.key - 2, row]));
  for (const [who, member] of run.members.entries()) {
    const { late, told } = member;
    const { isExpired, replayed, live } = expectedFor(run, member, kept);
    const given = told.flatMap(each => (Array.isArray(each) ? (each as readonly Sent[]) : []));
    // told first, and once; who was closed before its turn is told nothing
    if (told.length > 0 || member.until === Infinity) same(told.lastIndexOf('expired'), isExpired ? 0 : -1);
    if (isExpired) met.add('expired');
    if (replayed.length > 1) met.add('replayed');
    if (live.length > 0 && given.length > replayed.length) met.add('live');
    if (told.some(each => each !== 'expired' && 'count' in each)) met.add('gap');
    if (late.strategy === 'keepLatest' && !late.required) {
      const first = numbers(given).slice(0, replayed.length);
      same(first, numbers(replayed).slice(0, first.length));
      same(new Set(given).size, given.length);
    } else checkOrder(member, replayed, live);
    const row = rows.get(who);
    if (row === undefined || member.until < Infinity) continue;
    const { offered, delivered, failed, dropped, skipped, pending } = row;
    same(offered, delivered + failed + dropped + skipped + pending);
    same(offered, replayed.length + live.length);
    if (late.required) {
      same(dropped, 0);
      // an idle one takes a batch of any size
      atMost(pending, MAX_PENDING);
    } else atMost(dropped, live.length);
  }
};

const type = fc.constantFrom<Sent['type']>('A', 'B');
const late: fc.Arbitrary<Late> = fc.record({
  required: fc.boolean(),
  types: fc.constantFrom<Sent['type'][]>([], [], ['A'], ['B'], ['A', 'B']),
  batch: fc.boolean(),
  strategy: fc.constantFrom('none', 'none', 'gather', 'lanes', 'dropOldest', 'keepLatest'),
  capacity: fc.constantFrom(0, 1, 2, 3),
  after: fc.constantFrom(undefined, undefined, undefined, 0, 1, 2, 5),
  isSync: fc.constantFrom(true, false, false),
  holds: fc.constantFrom(false, false, false, true),
  drainOnClose: fc.boolean(),
});
const who = fc.nat(4);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      types: fc.array(type, { minLength: 1, maxLength: 3 }),
      isBatch: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('subscribe' as const), late }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('acknowledge' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('closed' as const, 'release' as const), who }) },
);
const inside: fc.Arbitrary<Act> = fc.oneof(
  { weight: 15, arbitrary: act },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('drain' as const, 'close' as const) }) },
);
const steps: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.array(
      fc.oneof(
        { weight: 4, arbitrary: act },
        {
          weight: 1,
          arbitrary: fc.record({ do: fc.constant('arm' as const), in: who, act: inside }),
        },
      ),
      { minLength: 10, maxLength: 40, size: 'max' },
    ),
    fc.constantFrom<Step[]>([], [{ do: 'drain' }], [{ do: 'close' }]),
  )
  .map(([first, last]) => [...first, ...last]);
const keeps: fc.Arbitrary<Kept> = fc.record({
  events: fc.integer({ min: 1, max: 6 }),
  bytes: fc.constantFrom(undefined, 1, 4, 8),
  isKeyed: fc.boolean(),
});

describe('B21 replay behaves as its model', () => {
  test('B21a B21c B21d B21e B21g B21j for any steps, each late subscriber gets kept events, then new ones', () => {
    const met = new Map<string, number>();
    fc.assert(
      fc.property(keeps, steps, (kept, all) => {
        const run = new ReplayRun(kept);
        const seen = new Set<string>();
        for (const step of all) {
          run.do(step);
          check(run, kept, seen);
        }
        finish(run, kept);
        for (const what of seen) met.set(what, (met.get(what) ?? 0) + 1);
      }),
      { numRuns: RUNS, seed: 21 },
    );
    if (!IS_WHOLE) return;
    for (const what of ['expired', 'replayed', 'live', 'gap'])
      expect([what, (met.get(what) ?? 0) / RUNS >= 0.1]).toEqual([what, true]);
  });
});

/** Everything that waits is finished: nobody who is still there has missed anything without being told. */
const finish = (run: ReplayRun, kept: Kept): void => {
  for (let worked = true; worked;) {
    worked = false;
    for (const [index, { work }] of run.members.entries()) {
      run.do({ do: 'release', who: index });
      if (work.length === 0) continue;
      run.do({ do: 'acknowledge', who: index });
      worked = true;
    }
  }
  for (const member of run.members) {
    if (member.until < Infinity || run.phase === 'draining') continue;
    const { replayed, live } = expectedFor(run, member, kept);
    if (member.late.strategy === 'keepLatest' && !member.late.required) continue;
    const told = checkOrder(member, replayed, live);
    // what nothing follows is told by nobody
    if (member.late.required) same(told, replayed.length + live.length);
    else atMost(replayed.length, told);
  }
};
