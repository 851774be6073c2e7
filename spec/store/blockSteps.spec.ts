import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { BlockMark, BlockProgress } from '../../lib/store/blocks.js';
import { blockState, type BlockState } from '../../lib/store/blockState.js';
import { blockSteps, type BlockStep } from '../../lib/store/blockSteps.js';
import { blockEvents, chainOf, hashOf, timeOf, upgradeStarted, type BlockPlan } from './chainOf.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

const plan = fc.record({
  rows: fc.nat(3),
  epoch: fc.boolean(),
  snapshot: fc.constantFrom(undefined, 'inside' as const, 'after' as const, 'upgrade' as const),
});

/** Runs marks from a state. `refused` is the message of the first error, if there is one. */
const run = (state: BlockState, marks: readonly BlockMark[]) => {
  const steps: BlockStep[] = [];
  for (const mark of marks) {
    const result = blockSteps(state, mark);
    if (result._tag === 'Left') return { state, steps, refused: result.left };
    state = result.right.state;
    steps.push(result.right.step);
  }
  return { state, steps, refused: undefined };
};

const empty = blockState(undefined, 1);
const commits = (steps: readonly BlockStep[]) => steps.flatMap(step => (step.do === 'commit' ? [step] : []));
const expectedCommits = (plans: readonly BlockPlan[]) =>
  [{ height: 1, hash: hashOf(1, true) }, ...plans.map((_, i) => ({ height: i + 1, hash: hashOf(i + 1) }))].map(
    (block, i) => {
      const at = Math.max(0, i - 1);
      const before = i === 0 ? undefined : plans[Math.max(0, i - 2)];
      return {
        do: 'commit',
        epoch: plans[at]?.epoch ?? false,
        block: {
          height: block.height,
          hash: block.hash.toLowerCase(),
          time: (timeOf(block.height) / 1000n) * 1000n,
          snapshotTaken: plans[at]?.snapshot === 'inside' || before?.snapshot === 'after',
        },
      };
    },
  );

describe('a recording', () => {
  test('S1e S1f S3 S5a S5b every block is committed once and in order, from any progress of the store', () => {
    fc.assert(
      fc.property(fc.array(plan, { minLength: 1, maxLength: 8 }), fc.nat(), (plans, where) => {
        const chain = chainOf(plans);
        const whole = run(empty, chain);
        expect(whole.refused).toBeUndefined();
        expect(commits(whole.steps)).toEqual(expectedCommits(plans));

        const cut = where % (chain.length + 1);
        const before = run(empty, chain.slice(0, cut));
        const again = run(blockState(before.state.progress, 1), chain);
        expect(again.refused).toBeUndefined();
        expect([...commits(before.steps), ...commits(again.steps)]).toEqual(commits(whole.steps));
        expect(again.state.progress).toEqual(whole.state.progress);
      }),
    );
  });

  test('S1a events before the first unprocessed begin-block are ignored', () => {
    const [, ...headless] = blockEvents(7, { rows: 2, epoch: true, snapshot: 'after' });
    const { steps, refused } = run(empty, [...headless, upgradeStarted(7), ...chainOf([{}])]);
    expect(refused).toBeUndefined();
    expect(steps.slice(0, headless.length + 1).every(step => step.do === 'ignore')).toBe(true);
    expect(commits(steps).map(step => step.block.snapshotTaken)).toEqual([false, false]);
  });

  test('S1c S1i a network may start at a higher height', () => {
    const started = run(blockState(undefined, 500), [
      ...blockEvents(500, {}, true),
      ...blockEvents(500),
      ...blockEvents(501),
    ]);
    expect(started.refused).toBeUndefined();
    expect(started.state.progress).toEqual({
      firstHeight: 500,
      height: 501,
      hashes: [hashOf(500, true), hashOf(500)].map(hash => hash.toLowerCase()),
    });
  });

  test('S1 the first height of the store takes precedence over the option', () => {
    const progress = { firstHeight: 500, height: 501, hashes: ['a'] };
    expect(commits(run(blockState(progress, 1), blockEvents(502)).steps)).toHaveLength(1);
  });

  test('S5c a snapshot after the end-block of a stored block counts for the next, as without a restart', () => {
    const chain = chainOf([{ snapshot: 'after' }, {}]);
    const stored = run(empty, chain.slice(0, 6)).state.progress;
    expect(stored?.hashes).toHaveLength(1);
    expect(commits(run(blockState(stored, 1), chain).steps).map(step => step.block.snapshotTaken)).toEqual([
      true,
      true,
    ]);
  });

  test('S5d S6c a source that resumes right after a commit: its snapshot and its upgrade count, as without a restart', () => {
    fc.assert(
      fc.property(fc.array(plan, { minLength: 1, maxLength: 5 }), fc.nat(), fc.boolean(), (plans, where, upgraded) => {
        const chain = [...chainOf(plans), ...(upgraded ? [upgradeStarted(plans.length)] : [])];
        const ends = chain.flatMap(({ kind }, i) => (kind === 'end' ? [i + 1] : []));
        const cut = ends[where % ends.length]!;
        const whole = run(empty, chain).steps;
        const before = run(empty, chain.slice(0, cut));
        const resumed = run(blockState(before.state.progress, 1), chain.slice(cut));
        expect(resumed.refused).toBeUndefined();
        expect(commits(resumed.steps)).toEqual(commits(whole).slice(commits(before.steps).length));
        expect(resumed.steps.filter(step => step.do === 'upgrade')).toEqual(
          whole.filter(step => step.do === 'upgrade'),
        );
      }),
    );
  });

  test.each([
    [
      'a snapshot inside the stored block, of which the tail comes again',
      [...blockEvents(2, { snapshot: 'inside' }).slice(1)],
    ],
    ['a snapshot of an older block', blockEvents(1, { snapshot: 'after' }).slice(-1)],
    ['an upgrade after an older block', [upgradeStarted(1)]],
    ['an upgrade after a later block', [upgradeStarted(3)]],
    ['a snapshot for an upgrade', blockEvents(2, { snapshot: 'upgrade' }).slice(2, 3)],
    ['rows of the stored block', blockEvents(2, { rows: 2 }).slice(1, 3)],
  ] as const)('S1a S5b S5d S6c %s is ignored before the first begin-block', (_what, marks) => {
    const { steps, refused } = run(blockState({ firstHeight: 1, height: 2, hashes: ['ab1'] }, 1), [
      ...marks,
      ...blockEvents(3),
    ]);
    expect(refused).toBeUndefined();
    expect(steps.slice(0, marks.length).every(step => step.do === 'ignore')).toBe(true);
    expect(commits(steps)).toMatchObject([{ block: { height: 3, snapshotTaken: false } }]);
  });

  test('S5 an upgrade before the first begin-block is handled only if something is stored', () => {
    expect(run(empty, [upgradeStarted(0), ...chainOf([{}])]).steps[0]).toEqual({ do: 'ignore' });
  });

  test('S6b the upgrade is reported with the last height, and nothing counts after it', () => {
    const { steps } = run(empty, [...chainOf([{}, {}]), upgradeStarted(2), ...blockEvents(3), ...blockEvents(9)]);
    const at = steps.findIndex(step => step.do === 'upgrade');
    expect(steps[at]).toEqual({ do: 'upgrade', height: 2 });
    expect(steps.slice(at + 1).every(step => step.do === 'ignore')).toBe(true);
  });

  test('S6 an upgrade after blocks that are already stored is ignored: the replay continues', () => {
    const chain = [...chainOf([{}, {}]), upgradeStarted(2), ...blockEvents(3)];
    const { steps } = run(blockState(run(empty, chainOf([{}, {}])).state.progress, 1), chain);
    expect(steps.some(step => step.do === 'upgrade')).toBe(false);
    expect(commits(steps).map(step => step.block.height)).toEqual([3]);
  });
});

describe('the rejected statement', () => {
  const stored = (height: number): BlockProgress => ({ firstHeight: 1, height, hashes: ['ee1', 'ab1'] });
  const message = (state: BlockState, marks: readonly BlockMark[]) => run(state, marks).refused?.message;
  const [begin3 = upgradeStarted(0), row3 = upgradeStarted(0)] = blockEvents(3);

  test.each([
    [
      'S1g S1h a block too high',
      blockState(stored(3), 1),
      blockEvents(6),
      'expected a begin-block at height 4, found a begin-block at height 6, hash ab6; the last stored is 3',
    ],
    [
      'S1g an empty store, a block too high',
      empty,
      blockEvents(2),
      'expected a begin-block at height 1, found a begin-block at height 2, hash ab2; nothing is stored',
    ],
    [
      'S1g S1h a block below the first',
      blockState({ firstHeight: 5, height: 6, hashes: ['x'] }, 5),
      blockEvents(4),
      'expected a begin-block at height 7, found a begin-block at height 4, hash ab4; the last stored is 6',
    ],
    [
      'S1g S1h a third block at the first height',
      blockState(stored(1), 1),
      [{ ...begin3, height: 1 }],
      'expected a begin-block at height 2, found a begin-block at height 1, hash ab3; the last stored is 1',
    ],
    [
      'S1f S1h another chain, seen by its first hash',
      blockState({ firstHeight: 1, height: 9, hashes: ['x'] }, 1),
      blockEvents(1),
      'expected a begin-block at height 10, found a begin-block at height 1, hash ab1; the last stored is 9',
    ],
    [
      'S2 a begin-block without a time',
      blockState(stored(2), 1),
      [{ kind: 'begin', chainId: 'c', height: 3, hash: 'h' }],
      'expected the time of a begin-block at height 3, found none; the last stored is 2',
    ],
    [
      'S4c a begin-block while a block is open',
      blockState(stored(2), 1),
      [begin3, begin3],
      'expected an event of the open block or an end-block at height 3, found a begin-block at height 3; the last stored is 2',
    ],
    [
      'S4 the end-block of another block',
      blockState(stored(2), 1),
      [begin3, { ...row3, kind: 'end', height: 4 }],
      'expected an event of the open block or an end-block at height 3, found an end-block at height 4; the last stored is 2',
    ],
    [
      'S4 an upgrade in an open block',
      blockState(stored(2), 1),
      [begin3, upgradeStarted(3)],
      'expected an event of the open block or an end-block at height 3, found the start of a protocol upgrade at height 3; the last stored is 2',
    ],
    [
      'S4a S4b an event between blocks',
      blockState(stored(2), 1),
      [...blockEvents(3), row3],
      'expected a begin-block, a core snapshot or the start of a protocol upgrade, found an event at height 3 between blocks; the last stored is 3',
    ],
    [
      'S4a S4b an epoch update between blocks',
      blockState(stored(2), 1),
      [...blockEvents(3), { ...row3, kind: 'epoch' }],
      'expected a begin-block, a core snapshot or the start of a protocol upgrade, found an epoch update at height 3 between blocks; the last stored is 3',
    ],
    [
      'S4a S4b an end-block between blocks',
      blockState(stored(2), 1),
      [...blockEvents(3), { ...row3, kind: 'end' }],
      'expected a begin-block, a core snapshot or the start of a protocol upgrade, found an end-block at height 3 between blocks; the last stored is 3',
    ],
  ] as const)('%s', (_name, state, marks, expected) => {
    expect(message(state, marks)).toBe(`${expected} (${ERRORS_PAGE}#blockordererror)`);
  });

  test('S4 with the type of the event, if it is known, on one line', () => {
    const result = blockSteps(blockState(stored(2), 1), { ...begin3, height: 7, hash: 'A\nB' }, 'Begin\u001b[2J');
    expect(result).toMatchObject({ left: { type: 'Begin\u001b[2J', height: 7, lastHeight: 2 } });
    expect((result as { left: Error }).left.message).toBe(
      `expected a begin-block at height 3, found a begin-block at height 7, hash a\\nb (Begin\\u001b[2J); the last stored is 2 (${ERRORS_PAGE}#blockordererror)`,
    );
  });
});

describe('any marks at all', () => {
  const marks = fc.array(
    fc.record({
      kind: fc.constantFrom(
        'begin',
        'begin',
        'end',
        'end',
        'epoch',
        'snapshot',
        'upgradeSnapshot',
        'upgradeStarted',
        'other',
      ),
      chainId: fc.constant('c'),
      height: fc.integer({ min: 1, max: 4 }),
      hash: fc.constantFrom('a', 'b', 'C'),
      time: fc.constant(5000n),
    }),
    { maxLength: 40 },
  );

  /**
   * The plain model: it remembers every block that it stored, and what it saw since, and decides from that. Returns
   * what each mark does, ending in `refused` where it may not come.
   */
  const model = (all: readonly BlockMark[]): readonly string[] => {
    const blocks: { readonly height: number; readonly hash: string }[] = [];
    const said: string[] = [];
    let open: { readonly height: number; readonly hash: string } | undefined;
    let skipping = false;
    let opened = false;
    let sinceEnd: BlockMark['kind'][] = [];
    for (const { kind, height, hash } of all) {
      const first = blocks[0]?.height ?? 1;
      const last = blocks.at(-1)?.height;
      const key = hash.toLowerCase();
      if (open !== undefined) {
        sinceEnd.push(kind);
        if (kind === 'begin' || kind === 'upgradeStarted' || (kind === 'end' && height !== open.height))
          return [...said, 'refused'];
        if (kind !== 'end') said.push('deliver');
        else {
          blocks.push(open);
          said.push(
            `commit ${open.height}${open.hash} ${sinceEnd.includes('snapshot')} ${sinceEnd.lastIndexOf('epoch') > sinceEnd.lastIndexOf('begin')}`,
          );
          open = undefined;
          sinceEnd = [];
        }
      } else if (kind === 'begin') {
        const there = blocks.some(block => block.height === height && (height !== first || block.hash === key));
        const twin = blocks.length === 1 && height === first;
        skipping = there;
        if (there) {
          sinceEnd = [];
          said.push('ignore');
        } else if (twin || height === (last ?? 0) + 1) {
          open = { height, hash: key };
          opened = true;
          sinceEnd.push('begin');
          said.push(`begin ${height}${key}`);
        } else return [...said, 'refused'];
      } else if (skipping || !opened) {
        skipping &&= kind !== 'end';
        said.push('ignore');
      } else if (kind === 'snapshot' || kind === 'upgradeSnapshot') {
        sinceEnd.push(kind);
        said.push('ignore');
      } else if (kind === 'upgradeStarted') {
        said.push(`upgrade ${String(last)}`);
        while (said.length < all.length) said.push('ignore');
        return said;
      } else return [...said, 'refused'];
    }
    return said;
  };

  const told = (step: BlockStep): string => {
    if (step.do === 'begin') return `begin ${step.block.height}${step.block.hash}`;
    if (step.do === 'upgrade') return `upgrade ${step.height}`;
    if (step.do === 'commit') {
      return `commit ${step.block.height}${step.block.hash} ${step.block.snapshotTaken} ${step.epoch}`;
    }
    return step.do;
  };

  test('S1e S1f S1g S1j S3 S4a S4b S4c S5 S6 behave as the plain model', () => {
    fc.assert(
      fc.property(marks, all => {
        const { steps, refused } = run(empty, all);
        expect([...steps.map(told), ...(refused === undefined ? [] : ['refused'])]).toEqual(model(all));
      }),
      { numRuns: 3000 },
    );
  });
});
