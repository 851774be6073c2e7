import type { Delivery } from '../contract/Delivery.js';
import { OptionError } from '../contract/OptionError.js';
import { aFunction, checkOption, checkOptions, count, having, needed } from '../contract/options.js';
import type { Park } from '../contract/Park.js';
import type { KeyedFor, Parking } from '../contract/Parking.js';
import type { HandlingOf } from '../mailbox/FailureHandling.js';
import type { MailboxSettings, Strategy } from '../mailbox/MailboxSettings.js';
import type { Noted } from '../mailbox/Size.js';
import { ignoreOutcome, isThenable } from '../mailbox/Work.js';
import type { ParkedFrom } from '../parking/ReplayedEvents.js';

/** The most events that may be parked for a subscriber, unless it is said. */
const DEFAULT_MOST = 10_000;

/**
 * Options of `park`.
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export interface ParkOptions<E> {
  /** The most events that may be parked for this subscriber; past that it stops. Default 10,000, at least 1. */
  readonly most?: number;
  /** Which failures are parked; any other stops. An outage should stop, or be retried, not park the stream. Default: all. */
  readonly only?: (error: unknown) => boolean;
  /**
   * The key of an event, for a subscriber without lanes: while one of a key is parked, later ones of the key are parked behind
   * it. A string, number, bigint, boolean, `null` or `undefined`; may be called several times. Default: that of `lanes`, or each
   * event is on its own.
   */
  readonly by?: (event: E) => unknown;
}

/**
 * Stores what fails for good, and goes on: a poison event holds up neither the stream nor, with a key, anything but its key.
 *
 *     sent      a1 b1 a2 b2 a3
 *     fails     a1
 *     parked    a1 a2 a3             a2 and a3 behind a1, untried, so that a's order is kept
 *     delivered b1 b2
 *
 * The events of a delivery that has failed after its `retry` are stored before the next delivery of the subscriber begins; with
 * lanes, of its key. Then they are settled, they count as failed, and `Failed` and `Parked` announce it. If the subscriber is
 * closed before they are stored, there is only `Failed`.
 * If storing fails, it is tried again as `retry` says; then the subscriber stops with `OnFailureError`, which has both errors.
 * It stops, too, if `most` would be exceeded, and if `only` is false (promise B22).
 *
 * Throws `OptionError`; `subscribe` does, too, for an optional subscriber, one without a `name`, and for `by` beside `nextBatch`
 * or `lanes`.
 *
 * @param parking - Where: `memoryParking`, `fileParking`, `sqlParking`, or one of your own.
 * @param options - How many, which failures, and by which key.
 * @example
 * ```ts
 * broker.subscribe({
 *   name: 'payments',
 *   required: true,
 *   retry: 5,
 *   onFailure: park(memoryParking<AnyEvent>(), { by: payment => payment.type }),
 *   next: async payment => pay(payment),
 * });
 * ```
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export const park = <E>(parking: Parking<E>, options: ParkOptions<E> = {}): Park<E> => {
  checkOption('parking', parking, needed(having('a parking, such as memoryParking()', 'park', 'parkBehind')));
  const {
    most = DEFAULT_MOST,
    only,
    by,
  } = checkOptions('park', options, { most: count(1), only: aFunction, by: aFunction });
  const strategy: Park<E> & Strategy<E> = {
    strategy: 'park',
    most,
    by,
    check: (delivery, isBatch) => {
      if (delivery['required'] !== true) throw new OptionError('onFailure', 'a required subscriber', strategy.strategy);
      if (delivery['name'] === undefined)
        throw new OptionError('name', 'a name: what is parked is found by it', undefined);
      if (by === undefined) return;
      if (isBatch) throw new OptionError('by', 'a subscriber with next', by);
      if (delivery['lanes'] !== undefined) throw new OptionError('by', 'the key in lanes, not in park', by);
    },
    applied: <U>(settings: MailboxSettings<U, E>, delivery: Delivery<E>): MailboxSettings<U, E> => {
      const key = by ?? (delivery.required ? delivery.lanes?.by : undefined);
      const failure = parkedIn(parking, { most, ...(only && { only }), ...(key && { by: key }) });
      return key === undefined ? { ...settings, failure } : { ...settings, failure, bytesOf: keyed(settings, key) };
    },
  };
  return strategy;
};

/** An event whose key is not known fails in its turn, as one of its own. */
const keyed =
  <U, E>({ measure, bytesOf }: MailboxSettings<U, E>, by: (event: E) => unknown) =>
  (unit: U): Noted => {
    try {
      keyText(by(measure.first(unit)));
    } catch (error) {
      return { error };
    }
    return bytesOf?.(unit) ?? 0;
  };

const parkedIn = <E>(
  parking: Parking<E>,
  { most, only, by }: Pick<ParkOptions<E>, 'only' | 'by'> & { readonly most: number },
): HandlingOf<E> => {
  const { risk } = parking;
  // with lanes, each of them makes its own handling
  let isRiskKnown = risk === undefined;
  return owner => {
    const subscriber = owner.who.name;
    const whoOf = (events: readonly E[]): ParkedFrom => ({
      subscriber,
      key: by && keyOf(by, events[0]!),
      most,
      settlement: owner.settlement ?? null,
    });
    return {
      only,
      before:
        by &&
        (events => {
          const who = whoOf(events);
          return who.key === undefined ? false : checkedAnswer(parking.parkBehind(events, who as KeyedFor));
        }),
      take: (events, error) => parking.park(events, error, whoOf(events)),
      isFinal: isFull,
      taken: (events, hasFailed) => {
        owner.notify({ type: 'Parked', subscriber: owner.who, events, isBehind: !hasFailed });
        if (isRiskKnown) return;
        isRiskKnown = true;
        owner.notify({ type: 'AtRisk', what: risk! });
      },
    };
  };
};

const checkedAnswer = (answer: unknown): boolean | Promise<boolean> => {
  if (typeof answer === 'boolean') return answer;
  if (typeof answer === 'object' && answer !== null && isThenable(answer))
    return Promise.resolve(answer).then(checkedBoolean);
  return checkedBoolean(answer);
};

const checkedBoolean = (answer: unknown): boolean => {
  if (typeof answer === 'boolean') return answer;
  ignoreOutcome(answer);
  throw new OptionError('parkBehind', 'a method that answers true or false', answer);
};

const isFull = (error: unknown): boolean => (error as Error | null | undefined)?.name === 'ParkingFullError';

/** The text of a key, as it is stored. */
const keyText = (key: unknown): string => {
  if (typeof key === 'string') return key;
  if (key === null || TEXTS.includes(typeof key)) return String(key);
  ignoreOutcome(key);
  throw new OptionError('by', 'a function that returns a string, number, bigint, boolean, null or undefined', key);
};

const TEXTS: readonly string[] = ['number', 'bigint', 'boolean', 'undefined'];

const keyOf = <E>(by: (event: E) => unknown, event: E): string | undefined => {
  try {
    return keyText(by(event));
  } catch {
    // its delivery has failed for this reason
    return undefined;
  }
};
