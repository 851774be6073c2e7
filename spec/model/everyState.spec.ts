import '../flow/invariants.js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { explore } from './explore.js';
import type { ModelBroker } from './ModelBroker.js';
import { turns, type Step } from './Run.js';
import type { Member } from './World.js';

const EVENTS = 4;

/** What may be done in a state. For a closed broker: what it rejects, and what it still answers. */
function* enabled(
  model: ModelBroker,
  members: readonly Member[],
  skips: boolean,
  isReceived: boolean,
): Generator<Step> {
  if (model.look().sent < EVENTS) yield { do: isReceived ? 'emit' : 'send', type: 'A' };
  if (model.phase !== 'closed') yield* ofMembers(model, members, skips);
  if (model.phase !== 'draining') yield { do: 'drain' };
  if (model.phase !== 'closed') yield { do: 'close' };
}

function* ofMembers(model: ModelBroker, members: readonly Member[], skips: boolean): Generator<Step> {
  for (const [index, { holds }] of members.entries()) {
    const who = index + 1;
    const member = model.member(who);
    if (member?.works === true) {
      for (let nth = 0; nth < (member.of.lanes ?? 1); nth++) {
        yield { do: 'acknowledge', who, nth };
        yield { do: 'fail', who, nth };
      }
    }
    if (member?.state !== 'open') continue;
    if (holds && model.phase === 'open') yield { do: 'hold', who, level: !member.held };
    if (skips) yield { do: 'skip', who, level: !member.skipping };
    yield { do: 'unsubscribe', who };
  }
}

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
const holds = true;
const drainOnClose = true;
const onFailure = 'stop';
const overflow = 'dropOldest';

interface Configuration {
  readonly name: string;
  readonly members: readonly Member[];
  /** Whether they are told to skip, too. */
  readonly skips?: boolean;
  /** Whether the events come from a source that reads what is settled. */
  readonly isReceived?: boolean;
  readonly states: number;
  readonly steps: number;
}

const configurations: readonly Configuration[] = [
  {
    name: 'one optional, capacity 0, held and skipped',
    members: [optional(0, { holds })],
    skips: true,
    states: 336,
    steps: 1842,
  },
  {
    name: 'one optional, capacity 1, held and skipped',
    members: [optional(1, { holds })],
    skips: true,
    states: 482,
    steps: 2788,
  },
  {
    name: 'one optional, capacity 2, oldest go, held and skipped',
    members: [optional(2, { holds, overflow })],
    skips: true,
    states: 288,
    steps: 1580,
  },
  {
    name: 'one required that retries, stops and drains, held and skipped',
    members: [required(2, { holds, onFailure, retry: 1, drainOnClose })],
    skips: true,
    states: 648,
    steps: 3432,
  },
  {
    name: 'a required one and an optional one, both held',
    members: [required(2, { holds }), optional(1, { holds })],
    states: 1324,
    steps: 9845,
  },
  {
    name: 'a required one that stops, held, and an optional one where oldest go, both drain',
    members: [required(1, { holds, onFailure, drainOnClose }), optional(2, { overflow, drainOnClose })],
    states: 1277,
    steps: 7845,
  },
  {
    name: 'a required one that drains and an optional one, both retry',
    members: [required(1, { retry: 1, drainOnClose }), optional(1, { retry: 1 })],
    states: 1927,
    steps: 11902,
  },
  {
    name: 'three: required, capacity 0, capacity 1',
    members: [required(2), optional(0), optional(1)],
    states: 2737,
    steps: 19595,
  },
  {
    name: 'three: required, capacity 2 either way',
    members: [required(1), optional(2), optional(2, { overflow })],
    states: 1747,
    steps: 12520,
  },
  {
    name: 'three: required and held, capacity 0, capacity 2',
    members: [required(1, { holds }), optional(0), optional(2)],
    states: 3742,
    steps: 29470,
  },
  {
    name: 'one required that retries, stops and drains, work and levels whose teardown throws, held and skipped',
    members: [required(2, { holds, onFailure, retry: 1, drainOnClose, shape: 'torn', levelsTear: true })],
    skips: true,
    states: 648,
    steps: 3432,
  },
  {
    name: 'one optional, capacity 1, whose teardown and missed throw, held and skipped',
    members: [optional(1, { holds, shape: 'torn', missedThrows: true, levelsTear: true })],
    skips: true,
    states: 482,
    steps: 2788,
  },
  {
    name: 'one required, a thenable of its own, retried and held',
    members: [required(2, { holds, retry: 1, shape: 'thenable' })],
    states: 134,
    steps: 564,
  },
  {
    name: 'a source, one required that works by Promises, retries, stops and drains, held',
    members: [required(2, { holds, onFailure, retry: 1, drainOnClose, shape: 'promise' })],
    isReceived: true,
    states: 230,
    steps: 891,
  },
  {
    name: 'two required that work by Promises, one held, one that drains',
    members: [required(2, { holds, shape: 'promise' }), required(1, { drainOnClose, shape: 'promise' })],
    states: 994,
    steps: 5708,
  },
  {
    name: 'a required one whose then throws when it is called, held, and an optional one whose teardown throws',
    members: [required(1, { holds, retry: 1, mode: 'thenThrows' }), optional(1, { shape: 'torn', drainOnClose })],
    states: 547,
    steps: 2812,
  },
  {
    name: 'a required one whose then throws when it is read, held, and a thenable one whose missed throws',
    members: [
      required(1, { holds, mode: 'getterThrows' }),
      optional(1, { overflow, shape: 'thenable', missedThrows: true }),
    ],
    states: 264,
    steps: 1214,
  },
  {
    name: 'a source, one required that retries, stops and drains, held and skipped',
    members: [required(2, { holds, onFailure, retry: 1, drainOnClose })],
    skips: true,
    isReceived: true,
    states: 712,
    steps: 3532,
  },
  {
    name: 'a source, a required one that drains, held, and a required one that stops',
    members: [required(1, { holds, drainOnClose }), required(2, { onFailure })],
    isReceived: true,
    states: 669,
    steps: 3785,
  },
  {
    name: 'a source, a required one and an optional one, both held',
    members: [required(2, { holds }), optional(1, { holds })],
    isReceived: true,
    states: 1364,
    steps: 9909,
  },
  {
    name: 'one required with two lanes, held, that retries, stops and drains',
    members: [required(3, { lanes: 2, holds, onFailure, retry: 1, drainOnClose })],
    states: 934,
    steps: 6352,
  },
  {
    name: 'a source, one required with two lanes, and an optional one',
    members: [required(2, { lanes: 2 }), optional(1)],
    isReceived: true,
    states: 478,
    steps: 3556,
  },
  {
    name: 'a required one that gathers two, held, and an optional one that gathers two, where oldest go',
    members: [required(3, { batch: true, gather: 2, holds }), optional(2, { batch: true, gather: 2, overflow })],
    states: 571,
    steps: 3996,
  },
  {
    name: 'three required: one drains, one stops',
    members: [required(1), required(2, { drainOnClose }), required(2, { onFailure })],
    states: 3072,
    steps: 22110,
  },
];

// Hundreds of thousands of errors are made on the way, and jest maps every frame of each to its source.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

describe('every reachable state, and every step from each', () => {
  const total = { states: 0, steps: 0 };
  const print = (name: string, { states, steps }: typeof total): void => {
    process.stdout.write(`${states} states, ${steps} steps: ${name}\n`);
  };

  test.each(configurations)(
    'B1 B3 B5 B6 B10 B12 K1 $name',
    async ({ name, members, skips = false, isReceived = false, states, steps }) => {
      const start = members.map((member): Step => ({ do: 'subscribe', member }));
      if (isReceived) start.push({ do: 'receive' }, { do: 'read' });
      const found = await explore({
        start,
        enabled: model => enabled(model, members, skips, isReceived),
        nameOf: model => model.state(),
        turns: start.some(turns),
      });
      print(name, found);
      total.states += found.states;
      total.steps += found.steps;
      expect(found).toEqual({ states, steps });
    },
  );

  test('this many in total', () => {
    print('in all', total);
    expect(total).toEqual({ states: 25_607, steps: 171_468 });
  });
});
