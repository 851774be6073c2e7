import type { InspectRecord } from '../../inspect/InspectRecord.js';
import type { Lane } from './Lane.js';

/** A lane that waits, with its state, since when, and what it waits for. */
export interface Wait {
  readonly lane: Lane;
  readonly state: 'stalled' | 'saturated' | 'paused' | 'held' | 'busy';
  /** The time in ms of the records. */
  readonly since: number;
  readonly waitsFor: string;
  readonly backlog: number;
}

/** The order of states that began at the same instant: a cause comes before its effect. */
const STATES = ['stalled', 'saturated', 'paused', 'held', 'busy'] as const;

/** Shorter deliveries are not listed, in ms. */
const BRIEF = 1000;

/**
 * Lists the lanes that wait. Stalled lanes come first, busy ones last. The others are in the order in which they began to wait, so
 * that a chain reads from its cause:
 *
 *     bank stalled ◄── source of trades ◄── validation ◄── source of orders
 */
export const waitsOf = (lanes: readonly Lane[], now: number): readonly Wait[] =>
  lanes
    .flatMap(lane => (lane.kind === 'pause' ? pauseOf(lane, lanes) : waitOf(lane, now)))
    .sort((a, b) => rank(a) - rank(b) || a.since - b.since || STATES.indexOf(a.state) - STATES.indexOf(b.state));

const rank = ({ state }: Wait): number => (state === 'stalled' ? 0 : state === 'busy' ? 2 : 1);

const pauseOf = (pause: Lane, lanes: readonly Lane[]): readonly Wait[] => {
  const { oldest } = pause;
  if (oldest === undefined) return [];
  const lane = lanes.find(({ kind, broker }) => kind === 'source' && broker === pause.broker)!;
  const names = lanes
    .filter(({ broker, saturatedSince }) => broker === pause.broker && saturatedSince !== undefined)
    .map(({ name }) => name);
  return [{ lane, state: 'paused', since: oldest.start, waitsFor: names.join(', ') || 'its consumer', backlog: 0 }];
};

const waitOf = (lane: Lane, now: number): readonly Wait[] => {
  const { oldest, stalledBy, saturatedSince, heldBy, heldFor, settings } = lane;
  const backlog = lane.steps.last;
  const wait = (state: Wait['state'], since: number, waitsFor: string): readonly Wait[] => [
    { lane, state, since, waitsFor, backlog },
  ];
  // a subscriber that is held by the pause of another broker waits for that broker
  if (heldBy !== undefined && heldFor?.oldest !== undefined)
    return backlog === 0 ? [] : wait('held', heldBy.start, `source of ${heldFor.broker}`);
  const idle = heldBy === undefined ? 'the next delivery' : 'its hold$';
  const work = oldest === undefined ? idle : `its handler: ${eventOf(oldest.record)}`;
  if (stalledBy !== undefined) {
    const since = oldest?.start ?? stalledBy.at - (settings?.stallAfter ?? 0);
    return wait('stalled', since, stalledBy.reason ?? work);
  }
  if (heldBy !== undefined) return backlog === 0 ? [] : wait('held', heldBy.start, 'its hold$');
  if (saturatedSince !== undefined) return wait('saturated', saturatedSince, work);
  return oldest !== undefined && now - oldest.start >= BRIEF ? wait('busy', oldest.start, work) : [];
};

/** The event of a record in words: `event 7, Price, key BTC`. */
export const eventOf = ({ event, type, key, count }: InspectRecord): string =>
  [
    event === undefined ? 'an event without a number' : `event ${event}`,
    type,
    key === undefined ? undefined : `key ${key}`,
    count === undefined || count === 1 ? undefined : `and ${count - 1} more`,
  ]
    .filter(part => part !== undefined)
    .join(', ');
