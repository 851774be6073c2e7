import '../flow/invariants.js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { explore } from './explore.js';
import type { ModelBroker } from './ModelBroker.js';
import type { ModelLanes } from './ModelLanes.js';
import type { Step } from './Run.js';
import type { Takes } from './Taking.js';
import { keyOf, type Member } from './World.js';

const KEYS = 3;
const LANES = 2;

interface Configuration {
  readonly name: string;
  readonly events: number;
  readonly member: Member;
  /** Who gets again what is parked: one after the other. */
  readonly again: Member;
  /** Whether the events come from a source that reads what is settled. */
  readonly isReceived?: boolean;
  /** What ends: the subscriber, or the broker. */
  readonly ends: 'subscriber' | 'broker';
  readonly states: number;
  readonly steps: number;
}

/** The number of an event with this key: at least 1200, and with a key that can be determined. */
const numberOf = (nth: number, key: number): number => 1200 * nth + key;

/**
 * The name of a state. Which number an event has, which key is which, and under which ids events are parked makes no
 * difference: what counts is their order, and which of them have the same key.
 */
const nameOf = (model: ModelBroker): string => {
  const state = model.state();
  const events = [...new Set(state.match(/\d{4,}/g))].map(Number).sort((a, b) => a - b);
  const keys = [...new Set(events.map(n => keyOf({ type: 'A', n })))];
  const ids = [...new Set(state.match(/#\d+/g))].map(id => Number(id.slice(1))).sort((a, b) => a - b);
  return state
    .replace(/\d{4,}/g, n => `${events.indexOf(Number(n))} of ${keys.indexOf(keyOf({ type: 'A', n: Number(n) }))}`)
    .replace(/#\d+/g, id => `#${ids.indexOf(Number(id.slice(1)))}`);
};

/** What may be done in a state. */
function* enabled(model: ModelBroker, of: Omit<Configuration, 'name' | 'states' | 'steps'>): Generator<Step> {
  const isOpen = model.phase === 'open' && model.member(1)?.state === 'open';
  for (const who of [1, ...model.replays]) {
    const begun = (model.worker(who) as ModelLanes).begun;
    for (let nth = 0; nth < begun; nth++) {
      yield { do: 'acknowledge', who, nth };
      yield { do: 'fail', who, nth };
    }
  }
  const { sent } = model.look();
  if (isOpen && sent < of.events) {
    // each way in which the events may share keys, without that of other names
    for (let key = 0; key <= Math.min(sent, KEYS - 1); key++)
      yield { do: of.isReceived === true ? 'emit' : 'send', type: 'A', n: numberOf(sent + 1, key) };
  }
  const { list } = model.parking;
  if (model.replays.length === 0 && list.length > 0)
    yield { do: 'again', member: of.again, isPicky: false, limit: undefined };
  for (const who of model.replays) yield { do: 'unsubscribe', who };
  if (of.ends === 'subscriber' && isOpen) yield { do: 'unsubscribe', who: 1 };
  if (of.ends === 'broker') {
    if (isOpen) yield { do: 'drain' };
    if (model.phase !== 'closed') yield { do: 'close' };
  }
}

const parks: Takes = { by: 'park', name: 'x', isKeyed: true, most: 100, hasOnly: false, isSlow: false };
const one: Member = {
  required: true,
  types: undefined,
  batch: false,
  bound: 2,
  overflow: 'dropNewest',
  onFailure: 'stop',
  takes: parks,
  retry: undefined,
  drainOnClose: false,
  holds: false,
  mode: 'later',
};
const lanes = LANES;
const isSlow = true;
const drainOnClose = true;

const configurations: readonly Configuration[] = [
  {
    name: 'a source, two lanes that park, what is parked is given again to one that parks; each may leave',
    events: 4,
    member: { ...one, lanes },
    again: one,
    isReceived: true,
    ends: 'subscriber',
    states: 3985,
    steps: 16_099,
  },
  {
    name: 'two lanes that park and drain, what is parked is given again to two lanes; the broker ends',
    events: 3,
    member: { ...one, lanes, drainOnClose },
    again: { ...one, lanes },
    ends: 'broker',
    states: 1122,
    steps: 4718,
  },
  {
    name: 'two lanes and a parking that answers later and may fail',
    events: 3,
    member: { ...one, lanes, takes: { ...parks, isSlow } },
    again: one,
    ends: 'subscriber',
    states: 1088,
    steps: 4896,
  },
  {
    name: 'no lanes, tries again, a parking that answers later and is full after two; the broker ends',
    events: 3,
    member: { ...one, retry: 1, takes: { ...parks, isSlow, most: 2 } },
    again: one,
    ends: 'broker',
    states: 706,
    steps: 3382,
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

describe('every reachable state of parking, and every step from each', () => {
  test.each(configurations)(
    'B20b B20e B22a B22b B22c B22f B22i B22m K1 $name',
    async ({ name, states, steps, ...of }) => {
      const start: Step[] = [{ do: 'subscribe', member: of.member }];
      if (of.isReceived === true) start.push({ do: 'receive' }, { do: 'read' });
      const found = await explore({ start, enabled: model => enabled(model, of), nameOf, turns: true });
      process.stdout.write(`${found.states} states, ${found.steps} steps: ${name}\n`);
      expect(found).toEqual({ states, steps });
    },
    120_000,
  );
});
