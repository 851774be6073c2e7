import type { KeepLatestBy } from '../contract/KeepLatestBy.js';
import { aFunction, checkOption, needed } from '../contract/options.js';
import type { MailboxSettings, Strategy } from '../mailbox/MailboxSettings.js';
import { batched } from './BatchQueue.js';
import { keyedBy } from './Keyed.js';
import { KeyedQueue } from './KeyedQueue.js';

/**
 * An overflow for an optional subscriber that wants the latest of each key: the latest price of each symbol.
 *
 *     sent      a1 b1 a2 a3 b2
 *     waits     a3 b2            a3 has the place of a1, so no key starves
 *     missed    2 before a3, 1 before b2
 *
 * A new event takes the place of the one with the same key that waits. That one is dropped with the reason `superseded`: it
 * counts in the snapshot, and `missed` reports it directly before the event that superseded it. There is no notice for each.
 * `capacity` counts keys; an event with a new key past it is dropped with the reason `overflow`. With `nextBatch`, a delivery is
 * everything that waits, and `missed` reports one sum (promise B19).
 *
 * An event whose key function throws fails in its turn. Throws `OptionError`.
 *
 * @param key - The key of an event; keys are compared as those of a `Map`. Called once for each event, when it comes.
 * @example
 * ```ts
 * broker.subscribe({
 *   required: false,
 *   capacity: 500,
 *   overflow: keepLatestBy(event => event.type),
 *   nextBatch: prices => draw(prices),
 * });
 * ```
 * @see node_modules/rx-event-broker/docs/broker/keepLatestBy.md
 */
export const keepLatestBy = <E>(key: (event: E) => unknown): KeepLatestBy<E> => {
  checkOption('key', key, needed(aFunction));
  const strategy: KeepLatestBy<E> & Strategy<E> = {
    strategy: 'keepLatestBy',
    key,
    applied: <U>(settings: MailboxSettings<U, E>): MailboxSettings<U, E> => {
      const note = keyedBy(settings, 'key', key);
      return batched(settings, { note, open: onDropped => new KeyedQueue<E>(settings, onDropped) }, Infinity);
    },
  };
  return strategy;
};
