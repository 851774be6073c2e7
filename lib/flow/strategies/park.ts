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

/** Default `most`, in events. */
const DEFAULT_MOST = 10_000;

/**
 * Options of `park`.
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export interface ParkOptions<E> {
  /** The most events that may be parked for this subscriber; past that it stops. Default 10,000, at least 1. */
  readonly most?: number;
  /**
   * Whether to park a failure; any other failure stops the subscriber. An outage should be retried, or stop the subscriber:
   * it should not park the whole stream. Default: all failures are parked.
   */
  readonly only?: (error: unknown) => boolean;
  /**
   * Returns the key of an event, for a subscriber without lanes. While an event of a key is parked, later events of that key
   * are parked after it. A key is a string, number, bigint, boolean, `null` or `undefined`. May be called several times.
   * Default: the key of `lanes`; without that, each event is on its own.
   */
  readonly by?: (event: E) => unknown;
}

/**
 * Stores events whose delivery failed for good, and goes on. So a poison event does not block the stream; with a key, it
 * only blocks the later events of its key.
 *
 *     sent      a1 b1 a2 b2 a3
 *     fails     a1
 *     parked    a1 a2 a3             a2 and a3 after a1, without an attempt: the order of a is kept
 *     delivered b1 b2
 *
 * If a delivery fails after its `retry`, its events are stored before the next delivery of the subscriber begins; with
 * lanes, before the next one of its key. Then they count as failed and are settled, and `Failed` and `Parked` are emitted.
 * If the subscriber is closed before they are stored, only `Failed` is emitted.
 *
 * If storing fails, `retry` applies to it. After that the subscriber stops with `OnFailureError`, which has both errors. It
 * also stops if `most` would be exceeded, or if `only` returns `false` (promise B22).
 *
 * Throws `OptionError`. `subscribe` throws it, too, for an optional subscriber, for one without a `name`, and for `by`
 * together with `nextBatch` or `lanes`.
 *
 * @param parking - Where to store: `memoryParking`, `fileParking`, `sqlParking`, or your own.
 * @param options - The most events, which failures to park, and the key function.
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
        throw new OptionError('name', 'a name, by which its parked events are found', undefined);
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

/** Returns the size of a unit; or the error of the key function, with which its delivery fails. */
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
  // shared by all lanes: each of them makes a handling of its own
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
  throw new OptionError('parkBehind', 'a method that returns true or false', answer);
};

const isFull = (error: unknown): boolean => (error as Error | null | undefined)?.name === 'ParkingFullError';

/** The text under which a key is stored. */
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
    // the delivery has failed with this error already
    return undefined;
  }
};
