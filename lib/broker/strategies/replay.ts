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
   * `maxPending` if that is smaller.
   */
  readonly events?: number;
  /**
   * The most bytes that are kept. The newest event is kept whatever its size. At least 1. Needs the option `sizeOf` of the
   * broker. Default: no bound in bytes.
   */
  readonly bytes?: number;
  /**
   * Returns the key of an event; called once per event. Only the latest event of each key is kept. Keys are compared as in
   * a `Map`. Default: the last events are kept.
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
 * An event is kept before its first handler is called. A replay begins inside `subscribe`; if an event is being sent then,
 * it begins after that event has reached every subscriber. Events that are sent from inside a replay come after it. A
 * replay does not count towards a subscriber's `capacity`, and settles nothing (promise B21).
 *
 * If the key function throws, `Failed` reports it, and the event is kept without a key. Throws `OptionError`. `eventBroker`
 * throws it, too, if `events` exceeds `maxPending`, or for `bytes` without `sizeOf`.
 *
 * @param options - The most events and bytes that are kept.
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
 * The same with keys: keeps the latest event of each key.
 *
 * @param options - The most events and bytes that are kept, and the key function.
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
      if (most > maxPending) throw new OptionError('events', `at most maxPending, which is ${maxPending}`, events);
      if (bytes !== undefined && sizeOf === undefined)
        throw new OptionError('bytes', 'the option sizeOf of eventBroker as well', bytes);
      return new Replays<E>(host, { events: most, bytes: bytes ?? Infinity }, keepLatestBy);
    },
  };
  return strategy;
}
