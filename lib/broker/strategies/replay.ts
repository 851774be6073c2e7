import type { AnyEvent } from '../../event/AnyEvent.js';
import { DEFAULT_CAPACITY } from '../../flow/contract/Delivery.js';
import { OptionError } from '../../flow/contract/OptionError.js';
import { aFunction, checkOptions, count } from '../../flow/contract/options.js';
import type { Replay } from '../../flow/contract/Replay.js';
import type { OpensReplay } from '../ReplayLog.js';
import { Replays } from './Replays.js';

/**
 * Options of `replay`.
 * @see node_modules/rx-event-broker/docs/broker/replay.md
 */
export interface ReplayOptions<E> {
  /**
   * The most events that are kept; with `keepLatestBy`, the most keys. At least 1, at most `maxPending`. Default 1024, or
   * `maxPending` if that is less.
   */
  readonly events?: number;
  /**
   * The most bytes that are kept, too. The newest event is kept whatever its size. At least 1. Needs `sizeOf` in the broker.
   * Default: bytes do not count.
   */
  readonly bytes?: number;
  /**
   * The key of an event, called once for each: only the latest event of each key is kept. Keys are compared as those of a `Map`.
   * Default: the last events are kept.
   */
  readonly keepLatestBy?: (event: E) => unknown;
}

/**
 * Keeps the last events of a broker for late subscribers, those with `since`.
 *
 *     sent              a---b---c---d
 *     subscribes              |
 *     since: 'replay'         (ab)c---d     first what was kept, then what is sent: no gap, no repeat
 *
 * An event is kept before its first handler is called. A replay begins inside `subscribe`, or when the event that is being sent
 * has reached everybody; events that are sent from inside it come after it. It takes nothing of a subscriber's `capacity`, and
 * settles nothing (promise B21).
 *
 * An event whose key cannot be told is one of its own, and `Failed` reports it. Throws `OptionError`; `eventBroker` does, too, if
 * `events` exceeds `maxPending`, and for `bytes` without `sizeOf`.
 *
 * @param options - How much is kept.
 * @example
 * ```ts
 * const broker = eventBroker<Price>({ replay: replay({ events: 5000 }) });
 * broker.subscribe({ required: false, since: 'replay', next: draw });
 * ```
 * @see node_modules/rx-event-broker/docs/broker/replay.md
 */
export function replay(
  options?: Omit<ReplayOptions<unknown>, 'keepLatestBy'> & { readonly keepLatestBy?: never },
): Replay<unknown>;
/**
 * The same with a key: the latest event of each.
 *
 * @param options - How much is kept, and the key.
 * @example
 * ```ts
 * replay({ keepLatestBy: (event: AnyEvent) => event.type });
 * ```
 * @see node_modules/rx-event-broker/docs/broker/replay.md
 */
export function replay<E>(options: ReplayOptions<E>): Replay<E>;
export function replay<E extends AnyEvent>(options: ReplayOptions<E> = {}): Replay<E> {
  const { events, bytes, keepLatestBy } = checkOptions('replay', options, {
    events: count(1),
    bytes: count(1),
    keepLatestBy: aFunction,
  });
  const strategy: Replay<E> & OpensReplay<E> = {
    strategy: 'replay',
    events,
    bytes,
    keepLatestBy,
    open: host => {
      const { maxPending, sizeOf } = host;
      const most = events ?? Math.min(DEFAULT_CAPACITY, maxPending);
      if (most > maxPending) throw new OptionError('events', `maxPending, ${maxPending}, or less`, events);
      if (bytes !== undefined && sizeOf === undefined)
        throw new OptionError('bytes', 'the option sizeOf of eventBroker beside it', bytes);
      return new Replays<E>(host, { events: most, bytes: bytes ?? Infinity }, keepLatestBy);
    },
  };
  return strategy;
}
