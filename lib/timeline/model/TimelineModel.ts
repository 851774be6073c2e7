import type { InspectRecord, RecordedSubscriber } from '../../inspect/InspectRecord.js';
import { Column } from './Column.js';
import { Lane } from './Lane.js';
import { nameOf } from './nameOf.js';

/** What is known of one broker or operator. */
interface Group {
  readonly source: Lane;
  readonly pause: Lane;
  /** By key. */
  readonly subscribers: Map<number, Lane>;
  /** The number of the last event that was offered. */
  lastEvent: number;
}

/**
 * What a timeline shows: lanes, made of records.
 *
 *     records ──add──► groups ──► lanes        the newest `limit` records; what has not ended stays
 *
 * Time does not go back: a record that is earlier than the one before it is taken to be of the same instant.
 */
export class TimelineModel {
  readonly #groups = new Map<string, Group>();
  readonly #ats = new Column();
  #lanes: readonly Lane[] | undefined;
  /** When the last record happened, and the latest instant that is known: records may come after the time. */
  #last = -Infinity;
  #now = -Infinity;
  #from = Infinity;
  /** The pause that has just begun, and when: who is held by it is held inside that call. */
  #pausing: { readonly pause: Lane; readonly at: number } | undefined;

  constructor(readonly limit: number) {}

  /** The instant of the first record that is there; with none, 0. */
  get from(): number {
    return this.#from === Infinity ? 0 : this.#from;
  }

  /** The latest instant that is known. */
  get to(): number {
    return this.#last === -Infinity ? 0 : Math.max(this.#last, this.#now);
  }

  /** The instant of the last record; with none, 0. */
  get last(): number {
    return this.#last === -Infinity ? 0 : this.#last;
  }

  get isEmpty(): boolean {
    return this.#ats.length === 0;
  }

  /** The lanes in the order of the drawing: of each broker its source, its pause, its subscribers. */
  get lanes(): readonly Lane[] {
    return (this.#lanes ??= [...this.#groups.values()].flatMap(({ source, pause, subscribers }) => [
      source,
      pause,
      ...subscribers.values(),
    ]));
  }

  /** Time goes on without a record. */
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
