import type { InspectRecord } from '../../inspect/InspectRecord.js';
import type { Lane } from './Lane.js';

/** Somebody who waits: who, in which state, since when, and for whom or what. */
export interface Wait {
  readonly lane: Lane;
  readonly state: 'stalled' | 'paused' | 'saturated' | 'held' | 'busy';
  /** In the time of the records. */
  readonly since: number;
  readonly waitsFor: string;
  readonly backlog: number;
}

const STATES = ['stalled', 'paused', 'saturated', 'held', 'busy'] as const;

/** A delivery that takes no longer than this, in ms, is not listed. */
const BRIEF = 1000;

/** Who waits, the stalled ones first; of one state, who has waited longest. */
export const waitsOf = (lanes: readonly Lane[], now: number): readonly Wait[] =>
  lanes
    .flatMap(lane => (lane.kind === 'pause' ? pauseOf(lane, lanes) : waitOf(lane, now)))
    .sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || a.since - b.since);

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
  const { oldest, stalledBy, saturatedSince, heldBy, settings } = lane;
  const backlog = lane.steps.last;
  const work = oldest === undefined ? 'the next delivery' : `its handler: ${eventOf(oldest.record)}`;
  if (stalledBy !== undefined) {
    const since = oldest?.start ?? stalledBy.at - (settings?.stallAfter ?? 0);
    return [{ lane, state: 'stalled', since, waitsFor: stalledBy.reason ?? work, backlog }];
  }
  if (heldBy !== undefined) {
    return backlog === 0 ? [] : [{ lane, state: 'held', since: heldBy.start, waitsFor: 'its hold$', backlog }];
  }
  if (saturatedSince !== undefined)
    return [{ lane, state: 'saturated', since: saturatedSince, waitsFor: work, backlog }];
  if (oldest !== undefined && now - oldest.start >= BRIEF)
    return [{ lane, state: 'busy', since: oldest.start, waitsFor: work, backlog }];
  return [];
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
