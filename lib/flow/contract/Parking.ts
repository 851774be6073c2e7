import type { Work } from '../mailbox/Work.js';
import type { OpenedSource } from './Pausable.js';

/** For whom events are parked. */
export interface ParkedFor {
  /** The name of the subscriber. What is parked is found by it after a restart. */
  readonly subscriber: string;
  /** The key within which the order is kept; `undefined`: each event is on its own. */
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
  /** What it failed with, as text; `undefined` if it was not tried, since an earlier one of its key was parked. */
  readonly error: string | undefined;
  /** When it was parked, in ms since 1970. */
  readonly at: number;
}

/** Whose event with a key it is. */
export interface KeyedFor extends ParkedFor {
  /** The key. */
  readonly key: string;
}

/** Which of the parked events are listed. */
export interface ListParkedOptions {
  /** Those behind this id. Default: from the first one on. */
  readonly after?: string;
  /** The most of them. Default 100. */
  readonly limit?: number;
}

/**
 * Where `park` stores what fails: `memoryParking`, `fileParking`, `sqlParking`, or one of your own, which `parkingContract`
 * tests.
 *
 * What `park` or `parkBehind` returns is waited for. If it throws or rejects, it is tried again as `retry` says; with a
 * `ParkingFullError`, the subscriber stops without another try.
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export interface Parking<E> {
  /**
   * Stores events that have failed for good, in order: they are stored when its work is done. Fails with `ParkingFullError` if `who.most` or a bound in bytes would be
   * exceeded: then it has stored none of them.
   */
  park(events: readonly E[], error: unknown, who: ParkedFor): Work;
  /**
   * Stores events behind those of the same subscriber and key that are parked, and answers `true`. Answers `false` if none is:
   * then it has stored nothing. The look and the store are one step. May answer without a Promise, if it knows.
   */
  parkBehind(events: readonly E[], who: KeyedFor): boolean | PromiseLike<boolean>;
  /** What is parked, in the order of the ids, from behind the id `after` on. `limit`: the most of them, default 100. */
  list(options?: ListParkedOptions): Promise<readonly Parked<E>[]>;
  /**
   * Gives the parked events again, in the order of their ids. Each is removed once its consumer has settled it. Completes when
   * all of them are settled; with nothing to do, immediately.
   */
  replay(options?: ReplayParkedOptions<E>): OpenedSource<E>;
  /** Removes events by their ids. Resolves to how many of them were there. */
  discard(ids: readonly string[]): Promise<number>;
  /** What a crash would lose, in words, if it would: the subscriber says so in an `AtRisk` notice. */
  readonly risk?: string;
}

/**
 * Which parked events are given again.
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export interface ReplayParkedOptions<E> {
  /**
   * Whether to give an event. If it is not given, later ones of its key are not given either, so that the order of the key is
   * kept. Default: all.
   */
  readonly only?: (event: E, parked: Parked<E>) => boolean;
  /** The most events. At least 1. Default: all. */
  readonly limit?: number;
}
