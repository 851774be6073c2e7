import type { Lanes } from '../contract/Lanes.js';
import { OptionError } from '../contract/OptionError.js';
import { aFunction, checkOptions, count, needed } from '../contract/options.js';
import type { MailboxSettings, Strategy } from '../mailbox/MailboxSettings.js';
import type { Size } from '../mailbox/Size.js';
import { keyedBy, type Keyed } from './Keyed.js';
import { LaneMailbox } from './LaneMailbox.js';
import { NO_KEY } from './LaneQueue.js';

/** Default `maxAhead`, in events. */
const DEFAULT_MAX_AHEAD = 65_536;

/**
 * Options of `lanes`.
 * @see node_modules/rx-event-broker/docs/broker/lanes.md
 */
export interface LanesOptions<E> {
  /** The most deliveries in flight. At least 1. */
  readonly concurrency: number;
  /**
   * Returns the key of an event; called once per event, when it arrives. Events of one key are delivered in order, one at a
   * time. Default: no keys; events begin in order.
   */
  readonly by?: (event: E) => unknown;
  /**
   * The most events that may finish ahead of the oldest unfinished one. Beyond that nothing begins until that one has
   * finished. Default 65,536, at least 1.
   */
  readonly maxAhead?: number;
}

/**
 * Allows several deliveries of one required subscriber in flight, in order within each key.
 *
 *     sent          a1 a2 b1 c1
 *     in flight 1   a1------a2---        concurrency: 2
 *     in flight 2   b1--c1--             a2 waits for a1, but b1 does not wait for a2
 *
 * The next to begin is the oldest event whose key has none in flight. Retries, failures, bounds and pauses work as without
 * lanes. An event of a source is settled when it and all earlier ones have finished. A stream emits results in the order in
 * which they are produced (promise B20).
 *
 * If `by` throws, the delivery of that event fails. Throws `OptionError`. `subscribe` throws it, too, for an optional
 * subscriber, and for `by` with `nextBatch`.
 *
 * @param options - The most deliveries in flight.
 * @example
 * ```ts
 * broker.subscribe({
 *   required: true,
 *   lanes: lanes({ concurrency: 8, by: order => order.type }),
 *   next: async order => book(order),
 * });
 * ```
 * @see node_modules/rx-event-broker/docs/broker/lanes.md
 */
export function lanes(options: Omit<LanesOptions<unknown>, 'by'> & { readonly by?: never }): Lanes<unknown>;
/**
 * The same with a key.
 *
 * @param options - The most deliveries in flight, and the key function.
 * @example
 * ```ts
 * lanes({ concurrency: 8, by: (order: AnyEvent) => order.type });
 * ```
 * @see node_modules/rx-event-broker/docs/broker/lanes.md
 */
export function lanes<E>(options: LanesOptions<E>): Lanes<E>;
export function lanes<E>(options: LanesOptions<E>): Lanes<E> {
  const {
    concurrency,
    by,
    maxAhead = DEFAULT_MAX_AHEAD,
  } = checkOptions('lanes', options, {
    concurrency: needed(count(1)),
    by: aFunction,
    maxAhead: count(1),
  });
  const strategy: Lanes<E> & Strategy<E> = {
    strategy: 'lanes',
    concurrency,
    maxAhead,
    by,
    check: (delivery, isBatch) => {
      if (delivery['required'] !== true) throw new OptionError('lanes', 'a required subscriber', strategy.strategy);
      if (delivery['gather'] !== undefined)
        throw new OptionError('lanes', 'a subscriber without gather', strategy.strategy);
      if (isBatch && by !== undefined) throw new OptionError('by', 'a subscriber with next', by);
    },
    applied: <U>(settings: MailboxSettings<U, E>): MailboxSettings<U, E> => ({
      ...settings,
      engine: owner => new LaneMailbox(owner, settings, { concurrency, maxAhead, note: noteOf(settings, by) }),
    }),
  };
  return strategy;
}

const noteOf = <U, E>(
  settings: MailboxSettings<U, E>,
  by: ((event: E) => unknown) | undefined,
): ((unit: U) => Keyed) => {
  // `by` is not allowed with `nextBatch`, so a unit is an event
  if (by !== undefined) return keyedBy(settings, 'by', by) as unknown as (unit: U) => Keyed;
  return unit => ({ key: NO_KEY, size: (settings.bytesOf?.(unit) as Size | undefined) ?? 0 });
};
