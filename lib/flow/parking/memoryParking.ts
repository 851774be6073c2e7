import { OptionError } from '../contract/OptionError.js';
import { aFunction, checkOptions, count } from '../contract/options.js';
import type { Parked, ParkedFor, Parking } from '../contract/Parking.js';
import { ignoreOutcome } from '../mailbox/Work.js';
import { ParkedIndex, type Entry } from './ParkedIndex.js';
import { parkingOn } from './parkingOn.js';

/**
 * Options of `memoryParking`.
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export interface MemoryParkingOptions<E> {
  /** Returns the size of an event in bytes. Called when the event is parked. Default: events have no size. */
  readonly sizeOf?: (event: E) => number;
  /** The most bytes of all parked events. At least 1. Needs `sizeOf`. Default: no bound in bytes. */
  readonly mostBytes?: number;
}

/**
 * Parks events in memory: for tests, and for programs whose source emits again what a crash has lost. When a subscriber parks
 * its first event, an `AtRisk` notice says that a crash would lose it (promise B22).
 *
 * If `sizeOf` throws, parking that event fails. Throws `OptionError`.
 *
 * @param options - A bound in bytes.
 * @example
 * ```ts
 * const failed = memoryParking<Payment>();
 * broker.subscribe({
 *   name: 'payments',
 *   required: true,
 *   types: ['Payment'],
 *   onFailure: park(failed),
 *   next: payment => pay(payment),
 * });
 * ```
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export const memoryParking = <E>(options: MemoryParkingOptions<E> = {}): Parking<E> => {
  const { sizeOf, mostBytes = Infinity } = checkOptions('memoryParking', options, {
    sizeOf: aFunction,
    mostBytes: count(1),
  });
  if (mostBytes < Infinity && sizeOf === undefined)
    throw new OptionError('mostBytes', 'the option sizeOf as well', mostBytes);
  const index = new ParkedIndex<E>();
  let ids = 0;
  const add = (events: readonly E[], error: string | undefined, who: ParkedFor): void => {
    const sizes = events.map(event => (sizeOf === undefined ? 0 : checkedSize(sizeOf(event))));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    index.checkRoom(who, events.length, bytes, mostBytes);
    const { subscriber, key } = who;
    const at = Date.now();
    events.forEach((event, i) => index.add({ id: ++ids, subscriber, key, event, error, at, bytes: sizes[i]! }));
  };
  const parking = parkingOn<E>({
    key: index,
    add,
    addBehind: (events, who) => {
      if (!index.has(who)) return false;
      add(events, undefined, who);
      return true;
    },
    last: () => index.last(),
    read: (after, most) => index.read(after, most).map(shownEntry),
    remove: removed => removed.filter(id => index.remove(Number(id))).length,
  });
  return { ...parking, risk: 'memoryParking: a crash loses all parked events' };
};

const shownEntry = <E>({ id, subscriber, key, event, error, at }: Entry<E>): Parked<E> => ({
  id: String(id),
  subscriber,
  key,
  event,
  error,
  at,
});

const checkedSize = (bytes: unknown): number => {
  if (typeof bytes === 'number' && bytes >= 0 && bytes <= Number.MAX_SAFE_INTEGER) return bytes;
  ignoreOutcome(bytes);
  throw new OptionError('sizeOf', 'a function that returns a number of bytes, 0 or more', bytes);
};
