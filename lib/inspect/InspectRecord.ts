/**
 * What happened. Those in brackets are about the broker or the operator as a whole, and have no `subscriber`.
 *
 * - (`opened`), (`stopped`): the inspection begins; it was stopped. The first record of a broker is `opened`.
 * - `subscribed`, `closed`: a subscriber is there, with its `settings`; nothing of it is left. (`closed`): the broker has
 *   closed, or the operator has ended.
 * - `offered`: a hand-over was offered: an event, or a batch with its `count`. `skipped`: it came while `skip$` was `true`.
 * - `began`: its handler is called. `retrying`: a try has failed, and there will be another one.
 * - `ended`: its work has finished. `failed`: it has failed for good, or was cut off.
 * - `dropped`: it did not fit, or was still pending at the close. `superseded`: a later event of its key took its place.
 * - `held`, `released`: what waits is not delivered; it is again.
 * - `saturated`, `cleared`: a required backlog reached its high-water mark; it fell to half of it.
 * - (`paused`), (`resumed`): the first backlog is saturated; the last one is cleared.
 * - `stalled`: no progress for `stallAfter`.
 * - (`lost`): `count` records were lost before this one, because more happened than the inspection could hold.
 */
export type RecordKind =
  | 'opened'
  | 'stopped'
  | 'subscribed'
  | 'closed'
  | 'offered'
  | 'skipped'
  | 'began'
  | 'retrying'
  | 'ended'
  | 'failed'
  | 'dropped'
  | 'superseded'
  | 'held'
  | 'released'
  | 'saturated'
  | 'cleared'
  | 'paused'
  | 'resumed'
  | 'stalled'
  | 'lost';

/** What is inspected. */
export type Inspected = 'broker' | 'backpressure' | 'fanOut';

/** Characters of a name, a type or a key that are recorded: a record stays a short line. */
export const MAX_LENGTH = 200;

/** The subscriber, the branch or the operator that a record is about. */
export interface RecordedSubscriber {
  /** Its id, from 1; 0 for an operator. Reused after it is closed. */
  readonly id: number;
  /** Identifies it within its broker or fan-out: never reused. 0 for an operator. */
  readonly key: number;
  /** Its name, of which 200 characters are kept. */
  readonly name: string;
  /** Whether it is required. */
  readonly required: boolean;
}

/** How a subscriber is served: what is needed to do the same again. Absent: not given, or it does not apply. */
export interface RecordedSettings {
  /** The types that it gets. Absent: all. */
  readonly types?: readonly string[];
  /** It takes batches. */
  readonly batches?: boolean;
  /** Events pending at which the source is paused. */
  readonly highWaterMark?: number;
  /** Events that may wait; absent if it is required. */
  readonly capacity?: number;
  /** What does not fit: `dropNewest`, `dropOldest` or `keepLatestBy`. */
  readonly overflow?: string;
  /** Milliseconds without progress after which it is `stalled`. */
  readonly stallAfter?: number;
  /** Milliseconds that the work of a try may take. */
  readonly failAfter?: number;
  /** What a delivery that has failed for good does: `stop` or `continue`. */
  readonly onFailure?: string;
  /** Deliveries at a time. */
  readonly concurrency?: number;
}

/**
 * Something that happened to a delivery, a subscriber, a broker or an operator. One line of JSON.
 *
 *     {"n":7,"at":120,"kind":"dropped","broker":"broker 1","subscriber":{"id":2,"key":2,"name":"chart","required":false},
 *      "event":3,"type":"Price","reason":"overflow","backlog":2,"paused":false}
 *
 * Records are in the order in which things happened. A field that does not apply is absent.
 * @see node_modules/rx-event-broker/docs/finding-what-is-stuck.md
 */
export interface InspectRecord {
  /** The number of the record in its recording, from 1. `lost` has that of the last one that was lost. */
  readonly n: number;
  /** When it happened, in ms of the scheduler of the broker or operator. In real time that is the time of day. */
  readonly at: number;
  /** What happened. */
  readonly kind: RecordKind;
  /** The name of the broker or operator: `name` of `inspect`, or its kind and a number, such as `broker 1`. */
  readonly broker: string;
  /** With `opened`: what is inspected. */
  readonly of?: Inspected;
  /** With `opened`: the version of the format, 1. */
  readonly format?: number;
  /** Whom it is about. */
  readonly subscriber?: RecordedSubscriber;
  /** With `subscribed`: how it is served. */
  readonly settings?: RecordedSettings;
  /**
   * The number of the event in its broker or operator, from 1: the same for all subscribers that are offered it. Of a batch,
   * that of its first event. Absent if it was pending already when the inspection began, or is replayed.
   */
  readonly event?: number;
  /** The type of the event. Of a batch, that of its first event. Absent if it has none. */
  readonly type?: string;
  /** The key of the event, as `keyOf` of the inspection gives it, as text. */
  readonly key?: string;
  /** How many events or, with `lost`, records. Absent: 1. */
  readonly count?: number;
  /** With `began` and `retrying`: which try it is, from 1. Absent: the first. */
  readonly attempt?: number;
  /** Events of the subscriber that are pending after it: those that wait and those in flight. */
  readonly backlog?: number;
  /** Whether some required backlog is at its mark, so that the source is paused. */
  readonly paused: boolean;
  /**
   * With `dropped`: `overflow` or `closed`. With `failed` and `retrying`: the error in words. With `stalled`: what it waits
   * for, if that is known.
   */
  readonly reason?: string;
}
