import type { Parked, ParkedFor } from '../contract/Parking.js';

/** The storage of a parking: memory, a file or a table. `parkingOn` does the rest. */
export interface ParkingStore<E> {
  /** The key of the lease that a replay takes, so that only one runs at a time. */
  readonly key: object | string;
  /** Stores all of the events, or none. Throws or rejects with `ParkingFullError`. */
  add(events: readonly E[], error: string, who: ParkedFor): void | Promise<void>;
  /** Stores the events if others of the key are parked; otherwise stores none, and returns `false`. */
  addBehind(events: readonly E[], who: ParkedFor & { readonly key: string }): boolean | Promise<boolean>;
  /** The highest id; `undefined` if nothing is parked. */
  last(): string | undefined | Promise<string | undefined>;
  /** At most `count` events with ids above `after`, in the order of their ids. */
  read(after: string | undefined, count: number): readonly Parked<E>[] | Promise<readonly Parked<E>[]>;
  /** Removes events. Returns how many were there. */
  remove(ids: readonly string[]): number | Promise<number>;
  /** Locks replays in all other processes. Resolves to a function that unlocks them. */
  readonly lock?: () => Promise<() => Promise<void>>;
}
