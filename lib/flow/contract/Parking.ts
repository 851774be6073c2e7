import type { Work } from '../mailbox/Work.js';
import type { OpenedSource } from './Pausable.js';

/** The subscriber and the key that events are parked for. */
export interface ParkedFor {
  /** The name of the subscriber. After a restart, its parked events are found by this name. */
  readonly subscriber: string;
  /** The key of the events, within which their order is kept; `undefined`: each event is on its own. */
  readonly key: string | undefined;
  /** The most events that may be parked for this subscriber. */
  readonly most: number;
}

/** A parked event. */
export interface Parked<E> {
  /** Its id, in decimal digits. Ids rise in the order in which events were parked. */
  readonly id: string;
  /** The name of the subscriber that it is parked for. */
  readonly subscriber: string;
  /** Its key; `undefined` if it is on its own. */
  readonly key: string | undefined;
  /** The event. */
  readonly event: E;
  /** The error that it failed with, as text; `undefined` if it was not attempted, since its key already had parked events. */
  readonly error: string | undefined;
  /** When it was parked, in ms since 1970. */
  readonly at: number;
}

/** The subscriber and the key of events that have one. */
export interface KeyedFor extends ParkedFor {
  /** The key. */
  readonly key: string;
}

/** Options of `list`. */
export interface ListParkedOptions {
  /** Lists the events after this id. Default: from the first one on. */
  readonly after?: string;
  /** The most events that are listed. Default 100. */
  readonly limit?: number;
}

/**
 * Where `park` stores failed events: `memoryParking`, `fileParking`, `sqlParking`, or your own, which `parkingContract`
 * tests.
 *
 * The next delivery waits for the work of `park` and `parkBehind`. If they throw or reject, `retry` of the subscriber
 * applies. Exception: after a `ParkingFullError` the subscriber stops without another attempt.
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export interface Parking<E> {
  /**
   * Stores events that have failed for good, in order. They must be stored when the returned work completes. Fails with
   * `ParkingFullError`, and stores none of them, if they would exceed `who.most` or a bound in bytes.
   */
  park(events: readonly E[], error: unknown, who: ParkedFor): Work;
  /**
   * If events of the same subscriber and key are parked, stores these after them and returns `true`. If none is parked,
   * stores nothing and returns `false`. The check and the store are one atomic step. May return without a Promise if the
   * answer is known.
   */
  parkBehind(events: readonly E[], who: KeyedFor): boolean | PromiseLike<boolean>;
  /** Lists parked events in the order of their ids, from the first one after the id `after`. At most `limit`, default 100. */
  list(options?: ListParkedOptions): Promise<readonly Parked<E>[]>;
  /**
   * Emits the parked events again, in the order of their ids. Each is removed when its consumer has settled it. Completes
   * when all of them are settled; immediately, if there are none.
   */
  replay(options?: ReplayParkedOptions<E>): OpenedSource<E>;
  /** Removes events by their ids. Resolves to the number of events removed. */
  discard(ids: readonly string[]): Promise<number>;
  /** What a crash would lose, in words; absent if nothing. The subscriber reports it in an `AtRisk` notice. */
  readonly risk?: string;
}

/**
 * Options of `replay`: which parked events are emitted again.
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export interface ReplayParkedOptions<E> {
  /**
   * Whether to emit an event. If it returns `false`, later events of the same key are left out, too, which keeps their
   * order. Default: all events.
   */
  readonly only?: (event: E, parked: Parked<E>) => boolean;
  /** The most events. At least 1. Default: all. */
  readonly limit?: number;
}
