/**
 * What happened. Kinds in brackets concern the whole broker or operator, and their records have no `subscriber`.
 *
 * - (`opened`): the inspection has begun. This is the first record of a broker. (`stopped`): the inspection was stopped.
 * - `subscribed`: a subscriber exists, with its `settings`. `closed`: a subscriber has closed, and nothing of it is left.
 *   (`closed`): the broker has closed, or the operator has ended.
 * - `offered`: an event was offered, or a batch with its `count`. `skipped`: an event was skipped, because `skip$` was `true`.
 * - `began`: the handler is called. `retrying`: a try has failed, and another one follows.
 * - `ended`: the work has finished. `failed`: the last try has failed, or the work was unsubscribed.
 * - `dropped`: an event did not fit, or was still pending at the close. `superseded`: a later event of the same key replaced it.
 * - `held`: waiting events are no longer delivered. `released`: they are delivered again.
 * - `saturated`: a required backlog has reached its high-water mark. `cleared`: it has fallen to half of the mark.
 * - (`paused`): the first backlog is saturated. (`resumed`): the last saturated backlog is cleared.
 * - `stalled`: no progress for `stallAfter`.
 * - (`lost`): `count` records before this one were lost, because they exceeded the `capacity` of the inspection.
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

/** What is inspected: a broker, or one of two operators. */
export type Inspected = 'broker' | 'backpressure' | 'fanOut';

/** Names, types and keys are truncated to this many characters, so that a record stays short. */
export const MAX_LENGTH = 200;

/** The subscriber, the branch or the operator that a record is about. */
export interface RecordedSubscriber {
  /** The id, from 1. It is reused after the subscriber has closed. 0 for an operator. */
  readonly id: number;
  /** Identifies the subscriber within its broker or fan-out. It is never reused. 0 for an operator. */
  readonly key: number;
  /** The name, truncated to 200 characters. */
  readonly name: string;
  /** Whether the subscriber is required. */
  readonly required: boolean;
}

/** The options of a subscriber that are needed to reproduce its behaviour. A field is absent if it is not set or does not apply. */
export interface RecordedSettings {
  /** The event types that it subscribed to. Absent: all. */
  readonly types?: readonly string[];
  /** Whether it takes batches. */
  readonly batches?: boolean;
  /** The number of pending events at which the source is paused. Absent if it is optional. */
  readonly highWaterMark?: number;
  /** How many events may wait. Absent if it is required. */
  readonly capacity?: number;
  /** Which event is dropped if the buffer is full: `dropNewest`, `dropOldest` or `keepLatestBy`. */
  readonly overflow?: string;
  /** It is `stalled` after this many ms without progress. */
  readonly stallAfter?: number;
  /** The time limit for the work of one try, in ms. */
  readonly failAfter?: number;
  /** What happens after the last try of a delivery has failed: `stop` or `continue`. */
  readonly onFailure?: string;
  /** How many deliveries may be in flight. */
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
  /** The number of the record in its recording, from 1. `lost` has the number of the last lost record. */
  readonly n: number;
  /** When it happened, in ms of the scheduler of the broker or operator. In real time: ms since 1970. */
  readonly at: number;
  /** What happened. */
  readonly kind: RecordKind;
  /** The name of the broker or operator: `name` of `inspect`, or its kind and a number, such as `broker 1`. */
  readonly broker: string;
  /** With `opened`: what is inspected. */
  readonly of?: Inspected;
  /** With `opened`: the version of the format, 1. */
  readonly format?: number;
  /** The subscriber that the record is about. */
  readonly subscriber?: RecordedSubscriber;
  /** With `subscribed`: the options of the subscriber. */
  readonly settings?: RecordedSettings;
  /**
   * The number of the event in its broker or operator, from 1. It is the same for all subscribers. For a batch, the number of its
   * first event. Absent if the event was pending when the inspection began, or if it is replayed.
   */
  readonly event?: number;
  /** The type of the event, or of the first event of a batch. Absent if it has none. */
  readonly type?: string;
  /** The key of the event as text, from `keyOf` of the inspection. */
  readonly key?: string;
  /** The number of events. With `lost`, of records. Absent: 1. */
  readonly count?: number;
  /** With `began` and `retrying`: the number of the try, from 1. Absent: the first try. */
  readonly attempt?: number;
  /** How many events of the subscriber are pending afterwards, waiting or in flight. */
  readonly backlog?: number;
  /** Whether the source is paused, because a required backlog is saturated. */
  readonly paused: boolean;
  /**
   * With `dropped`: `overflow` or `closed`. With `failed` and `retrying`: the error in words. With `stalled`: what the subscriber
   * waits for, if that is known.
   */
  readonly reason?: string;
}
