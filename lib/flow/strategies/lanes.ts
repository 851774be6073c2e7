import type { Lanes } from '../contract/Lanes.js';
import { OptionError } from '../contract/OptionError.js';
import { aFunction, checkOptions, count, needed } from '../contract/options.js';
import type { MailboxSettings, Strategy } from '../mailbox/MailboxSettings.js';
import type { Size } from '../mailbox/Size.js';
import { keyedBy, type Keyed } from './Keyed.js';
import { LaneMailbox } from './LaneMailbox.js';
import { NO_KEY } from './LaneQueue.js';

/** How far finished events may be ahead of the oldest unfinished one, unless it is said. */
const DEFAULT_MAX_AHEAD = 65_536;

/**
 * Options of `lanes`.
 * @see node_modules/rx-event-broker/docs/broker/lanes.md
 */
export interface LanesOptions<E> {
  /** The most deliveries in flight. At least 1. */
  readonly concurrency: number;
  /**
   * The key of an event, called once for each, when it comes. Of each key at most one event is in flight, and their order is
   * kept. Default: every event is on its own; they begin in order.
   */
  readonly by?: (event: E) => unknown;
  /**
   * How many events may have finished before the oldest unfinished one. After that nothing begins until that one has finished.
   * Default 65,536, at least 1.
   */
  readonly maxAhead?: number;
}

/**
 * Several deliveries of one required subscriber at a time, in order for each key.
 *
 *     sent          a1 a2 b1 c1
 *     in flight 1   a1------a2---        concurrency: 2
 *     in flight 2   b1--c1--             a2 waits for a1, not b1 for a2
 *
 * The next to begin is the oldest event whose key has none in flight. Everything else is as without lanes: retries, failures,
 * bounds, pauses. A source settles an event when it and all before it have finished. Results of a stream come as they are made
 * (promise B20).
 *
 * An event whose `by` throws fails in its turn. Throws `OptionError`; `subscribe` does, too, for an optional subscriber, and for
 * `by` with `nextBatch`.
 *
 * @param options - How many, and by which key.
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
 * @param options - How many, and by which key.
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
      if (delivery['gather'] !== undefined) throw new OptionError('lanes', 'no gather beside it', strategy.strategy);
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
  // with a key, a unit is an event
  if (by !== undefined) return keyedBy(settings, 'by', by) as unknown as (unit: U) => Keyed;
  return unit => ({ key: NO_KEY, size: (settings.bytesOf?.(unit) as Size | undefined) ?? 0 });
};
