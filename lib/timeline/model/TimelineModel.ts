import type { InspectRecord, RecordedSubscriber } from '../../inspect/InspectRecord.js';
import { Column } from './Column.js';
import { Lane } from './Lane.js';
import { nameOf } from './nameOf.js';

/** The state of one broker or operator. */
interface Group {
  readonly source: Lane;
  readonly pause: Lane;
  /** By key. */
  readonly subscribers: Map<number, Lane>;
  /** The number of the last event that was offered. */
  lastEvent: number;
}

/**
 * Turns records into the lanes of a timeline.
 *
 *     records ──add──► groups ──► lanes        the newest `limit` records, and those that have not ended
 *
 * Time never goes back: a record that is earlier than the one before it gets the same time.
 */
export class TimelineModel {
  readonly #groups = new Map<string, Group>();
  readonly #ats = new Column();
  #lanes: readonly Lane[] | undefined;
  /** The time of the last record, and the latest known time. The latter may be ahead of the records. */
  #last = -Infinity;
  #now = -Infinity;
  #from = Infinity;
  /** The pause that has just begun, with its time. Subscribers that are held at that time are held by it. */
  #pausing: { readonly pause: Lane; readonly at: number } | undefined;

  constructor(readonly limit: number) {}

  /** The time of the first record that is kept. 0 without records. */
  get from(): number {
    return this.#from === Infinity ? 0 : this.#from;
  }

  /** The latest known time. */
  get to(): number {
    return this.#last === -Infinity ? 0 : Math.max(this.#last, this.#now);
  }

  /** The time of the last record. 0 without records. */
  get last(): number {
    return this.#last === -Infinity ? 0 : this.#last;
  }

  get isEmpty(): boolean {
    return this.#ats.length === 0;
  }

  /** The lanes in the order in which they are drawn. Each broker has its source, its pause, and then its subscribers. */
  get lanes(): readonly Lane[] {
    return (this.#lanes ??= [...this.#groups.values()].flatMap(({ source, pause, subscribers }) => [
      source,
      pause,
      ...subscribers.values(),
    ]));
  }

  /** Lets time pass without a record. */
  passTo(now: number): void {
    this.#now = Math.max(this.#now, now);
  }

  add(record: InspectRecord): void {
    const at = Math.max(record.at, this.#last);
    this.#last = at;
    this.#from = Math.min(this.#from, at);
    const group = this.#groupOf(record.broker);
    if (record.kind === 'paused') this.#pausing = { pause: group.pause, at };
    else if (record.kind !== 'held') this.#pausing = undefined;
    if (record.subscriber === undefined) applyToGroup(group, at, record);
    else this.#applyToLane(group, this.#laneOf(group, record.broker, record.subscriber), at, record);
    this.#ats.push(at);
    if (this.#ats.length > this.limit * 1.25) this.#dropOldest();
  }

  #applyToLane(group: Group, lane: Lane, at: number, record: InspectRecord): void {
    const { kind, event = 0 } = record;
    if ((kind === 'offered' || kind === 'skipped') && event > group.lastEvent) {
      group.lastEvent = event;
      group.source.emitted.push(at, record);
    }
    applyToLane(lane, at, record, this.#pausing?.at === at ? this.#pausing.pause : undefined);
    if (record.backlog !== undefined && kind !== 'closed') lane.setBacklog(at, record.backlog);
  }

  #groupOf(broker: string): Group {
    const known = this.#groups.get(broker);
    if (known !== undefined) return known;
    const group: Group = {
      source: new Lane('source', broker, 'source'),
      pause: new Lane('pause', broker, 'pause$'),
      subscribers: new Map(),
      lastEvent: 0,
    };
    this.#groups.set(broker, group);
    this.#lanes = undefined;
    return group;
  }

  #laneOf({ subscribers }: Group, broker: string, subscriber: RecordedSubscriber): Lane {
    const { key } = subscriber;
    const known = subscribers.get(key);
    if (known !== undefined) return known;
    const lane = new Lane('subscriber', broker, nameOf(subscriber));
    subscribers.set(key, lane);
    this.#lanes = undefined;
    return lane;
  }

  #dropOldest(): void {
    const count = this.#ats.length - this.limit;
    this.#ats.dropFirst(count);
    this.#from = this.#ats.at(0);
    for (const lane of this.lanes) lane.dropBefore(this.#from);
    for (const { subscribers } of this.#groups.values()) {
      for (const [key, { closedAt, size }] of subscribers) {
        if (closedAt !== undefined && size === 0) subscribers.delete(key);
      }
    }
    this.#lanes = undefined;
  }
}

const applyToGroup = ({ source, pause, subscribers }: Group, at: number, record: InspectRecord): void => {
  switch (record.kind) {
    case 'paused':
      pause.begin(at, record);
      return;
    case 'resumed':
      pause.end(at, record, 'ended');
      return;
    case 'lost':
      source.marks.push(at, record);
      return;
    case 'closed':
    case 'stopped':
      for (const lane of [pause, ...subscribers.values()]) lane.close(at);
      return;
    default:
  }
};

const applyToLane = (lane: Lane, at: number, record: InspectRecord, pausing: Lane | undefined): void => {
  switch (record.kind) {
    case 'subscribed':
      lane.settings = record.settings ?? lane.settings;
      return;
    case 'closed':
      lane.steps.push(at, 0);
      lane.close(at);
      return;
    case 'began':
      lane.begin(at, record);
      return;
    case 'ended':
      lane.end(at, record, 'ended');
      return;
    case 'failed':
      lane.end(at, record, 'failed');
      lane.marks.push(at, record);
      return;
    case 'dropped':
    case 'superseded':
      lane.lose(at, record);
      lane.marks.push(at, record);
      return;
    case 'stalled':
      lane.stalledBy = record;
      lane.marks.push(at, record);
      return;
    case 'skipped':
    case 'retrying':
      lane.marks.push(at, record);
      return;
    case 'held':
      lane.hold(at, record, pausing);
      return;
    case 'released':
      lane.release(at);
      return;
    case 'saturated':
      lane.saturatedSince ??= at;
      return;
    case 'cleared':
      lane.saturatedSince = undefined;
      return;
    default:
  }
};
