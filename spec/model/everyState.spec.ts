import { describe, expect, test } from '@jest/globals';
import { differs } from './differs.js';
import { Run, type Step } from './Run.js';
import type { Member } from './World.js';

const EVENTS = 4;

const later = {
  types: undefined,
  batch: false,
  overflow: 'dropNewest',
  onFailure: 'continue',
  retry: undefined,
  drainOnClose: false,
  holds: false,
  mode: 'later',
} as const;
const required = (bound: number, more: Partial<Member> = {}): Member => ({ ...later, required: true, bound, ...more });
const optional = (bound: number, more: Partial<Member> = {}): Member => ({ ...later, required: false, bound, ...more });

/** A state, as the shortest way to it. */
interface Found {
  readonly path: readonly Step[];
  readonly sent: number;
  readonly held: readonly boolean[];
  readonly skipped: readonly boolean[];
  readonly open: readonly boolean[];
}

/** Every step from every reachable state, on the broker itself along the shortest way there. */
const explore = (members: readonly Member[], skips: boolean): { readonly states: number; readonly steps: number } => {
  const all = members.map(() => true);
  const none = members.map(() => false);
  const start: Found = {
    path: members.map(member => ({ do: 'subscribe', member })),
    sent: 0,
    held: none,
    skipped: none,
    open: all,
  };
  const known = new Set<string>();
  const queue = [start];
  let steps = 0;
  for (const from of queue) {
    for (const [step, to] of enabled(from, members, skips)) {
      const run = new Run();
      for (const before of from.path) run.do(before);
      const { expected, actual } = run.step(step);
      steps++;
      if (differs(expected, actual))
        expect({ path: to.path, ...(actual as object) }).toEqual({ path: to.path, ...(expected as object) });
      const state = run.model.state();
      if (known.has(state)) continue;
      known.add(state);
      queue.push(to);
    }
  }
  return { states: known.size, steps };
};

function* enabled(from: Found, members: readonly Member[], skips: boolean): Generator<readonly [Step, Found]> {
  const go = (step: Step, change: Partial<Found> = {}): readonly [Step, Found] => [
    step,
    { ...from, path: [...from.path, step], ...change },
  ];
  if (from.sent < EVENTS) yield go({ do: 'send', type: 'A' }, { sent: from.sent + 1 });
  for (const [index, { holds }] of members.entries()) {
    const who = index + 1;
    if (from.open[index] !== true) continue;
    yield go({ do: 'acknowledge', who });
    if (holds) {
      const level = from.held[index] !== true;
      yield go({ do: 'hold', who, level }, { held: from.held.with(index, level) });
    }
    if (skips) {
      const level = from.skipped[index] !== true;
      yield go({ do: 'skip', who, level }, { skipped: from.skipped.with(index, level) });
    }
    yield go({ do: 'unsubscribe', who }, { open: from.open.with(index, false) });
  }
}

describe('every reachable state, and every step from each', () => {
  for (const [name, members, skips, states, steps] of [
    ['one optional, capacity 0, held and skipped', [optional(0, { holds: true })], true, 244, 1021],
    ['one optional, capacity 1, held and skipped', [optional(1, { holds: true })], true, 344, 1441],
    ['one optional, capacity 2, oldest go', [optional(2, { holds: true, overflow: 'dropOldest' })], true, 196, 807],
    [
      'a required one and an optional one',
      [required(2, { holds: true }), optional(1, { holds: true })],
      false,
      1109,
      6362,
    ],
    ['three: required, capacity 0, capacity 1', [required(2), optional(0), optional(1)], false, 954, 5225],
    [
      'three: required, capacity 2 either way',
      [required(1), optional(2), optional(2, { overflow: 'dropOldest' })],
      false,
      548,
      2907,
    ],
    [
      'three required, one that drains',
      [required(1), required(2), required(2, { drainOnClose: true })],
      false,
      1007,
      4386,
    ],
  ] as const)
    test(`B1 B3 B5 B6 B12 ${name}`, () => {
      expect(explore(members, skips)).toEqual({ states, steps });
    });
});
