import type { Parked, ParkedFor } from '../contract/Parking.js';

/** Where parked events are kept: what differs between the parkings. */
export interface ParkingStore<E> {
  /** Whose lease a replay takes: one replay at a time. */
  readonly key: object | string;
  /** Stores all of the events, or none. Throws or rejects with `ParkingFullError`. */
  add(events: readonly E[], error: string, who: ParkedFor): void | Promise<void>;
  /** The same if one of the key is there; `false` if not. */
  addBehind(events: readonly E[], who: ParkedFor & { readonly key: string }): boolean | Promise<boolean>;
  /** The highest id; `undefined` if nothing is parked. */
  last(): string | undefined | Promise<string | undefined>;
  /** At most `count`, in the order of their ids, with ids above `after`. */
  read(after: string | undefined, count: number): readonly Parked<E>[] | Promise<readonly Parked<E>[]>;
  /** Removes them. Gives how many were there. */
  remove(ids: readonly string[]): number | Promise<number>;
  /** Makes this the only replay of all processes. Resolves to what ends that. */
  readonly lock?: () => Promise<() => Promise<void>>;
}
