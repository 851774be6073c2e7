import type { KeepLatestBy } from '../contract/KeepLatestBy.js';
import { aFunction, checkOption, needed } from '../contract/options.js';
import type { MailboxSettings, Strategy } from '../mailbox/MailboxSettings.js';
import { batched } from './BatchQueue.js';
import { keyedBy } from './Keyed.js';
import { KeyedQueue } from './KeyedQueue.js';

/**
 * An `overflow` for an optional subscriber that needs only the latest event of each key, such as the price of each symbol.
 *
 *     sent      a1 b1 a2 a3 b2
 *     waiting   a3 b2            a3 has the place of a1, so no key starves
 *     missed    2 before a3, 1 before b2
 *
 * A new event replaces the waiting event with the same key, and takes its place. The replaced event is dropped with the
 * reason `superseded`: the snapshot counts it, and `missed` reports it directly before the event that superseded it. There
 * is no notice. `capacity` counts keys; past it, an event with a new key is dropped with the reason `overflow`. With
 * `nextBatch`, a delivery has everything that waits, and `missed` gets one sum (promise B19).
 *
 * If the key function throws, the delivery of that event fails. Throws `OptionError`.
 *
 * @param key - Returns the key of an event; called once per event, when it arrives. Keys are compared as in a `Map`.
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
