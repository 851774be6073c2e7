import type { RetryConfig, SchedulerLike } from 'rxjs';
import {
  DEFAULT_CAPACITY,
  DEFAULT_HIGH_WATER_MARK,
  type Delivery,
  type OptionalDelivery,
  type Overflow,
  type RequiredDelivery,
} from '../contract/Delivery.js';
import type { Gap } from '../contract/Gap.js';
import { OptionError } from '../contract/OptionError.js';
import type { HandlingOf } from './FailureHandling.js';
import type { Measure } from './Measure.js';
import type { MailboxEngine } from './MailboxEngine.js';
import type { MailboxOwner } from './MailboxOwner.js';
import type { MailboxWatch } from './mailboxWatch.js';
import { sizeBy, type Noted } from './Size.js';
import type { EventQueues, OnDropped, UnitQueue } from './UnitQueue.js';

/** The bounds and the rules of a mailbox. Counts are in events, times in ms. */
export interface MailboxSettings<U, E> {
  readonly measure: Measure<U, E>;
  /** Pending events, including the delivery in hand, at which it becomes saturated. At half of them it is clear again. */
  readonly highWaterMark?: number;
  /** The same in bytes. Needs `bytesOf`. */
  readonly highWaterMarkBytes?: number | undefined;
  /** Called when a unit is offered. Returns its size, or what `queue` needs. Must not throw. Default: no sizes. */
  readonly bytesOf?: ((unit: U) => Noted) | undefined;
  /** The most events that wait, without the delivery in hand. Default: no bound, so nothing is dropped. */
  readonly capacity?: number;
  /** The same in bytes. Needs `bytesOf` and `capacity`. */
  readonly capacityBytes?: number | undefined;
  readonly overflow?: Overflow | object;
  /** Opens the queue in which units wait. Default: a `BoundedQueue`. */
  readonly queue?: ((onDropped: OnDropped<E>, advance: () => void) => UnitQueue<U, E>) | undefined;
  /** Opens a replacement for `Mailbox`. */
  readonly engine?: ((owner: MailboxOwner<U, E>) => MailboxEngine<U>) | undefined;
  /** The queue of single events, if a strategy has changed `queue`. */
  readonly single?: EventQueues<E> | undefined;
  /** Handles deliveries that fail for good. Default: they are only reported. */
  readonly failure?: HandlingOf<E> | undefined;
  /** Called with a gap before the next delivery. */
  readonly missed?: ((gap: Gap<E>) => void) | undefined;
  readonly retry?: RetryConfig | undefined;
  /** How long the work of one attempt may take. Default: no limit. */
  readonly failAfter?: number | undefined;
  /** Whether `start` gets a signal. */
  readonly abortable?: boolean | undefined;
  /** Times `failAfter` and the `delay` of `retry`. */
  readonly scheduler: SchedulerLike;
  /** The scheduler on which `start` runs. Default: none; it runs inside `offer`. */
  readonly observeOn?: SchedulerLike | undefined;
  readonly watch: MailboxWatch;
  readonly stallAfter: number;
}

/**
 * Whether nothing lies between two deliveries but a count: no gap, size, stage or signal. (`observeOn` is an option of optional
 * subscribers, which have a capacity.)
 */
export const isDirect = <U, E>(settings: MailboxSettings<U, E>): boolean =>
  settings.capacity === undefined &&
  settings.queue === undefined &&
  settings.bytesOf === undefined &&
  settings.failure === undefined &&
  settings.abortable !== true;

/**
 * Changes the settings of a mailbox. Mailboxes import only this interface, so a strategy that the user does not import is
 * not in the bundle.
 */
export interface Strategy<E> {
  /** Throws `OptionError` if the strategy contradicts the other options of a delivery. */
  check?(delivery: Readonly<Record<string, unknown>>, isBatch: boolean): void;
  applied<U>(settings: MailboxSettings<U, E>, delivery: Delivery<E>): MailboxSettings<U, E>;
}

/** What the mailboxes of one broker or operator share. */
export interface MailboxGroup {
  readonly scheduler: SchedulerLike;
  readonly watch: MailboxWatch;
  /** The most pending events of a required mailbox. It is saturated before that (promise B12). */
  readonly maxPending: number;
}

/** The mailbox settings for delivery options, with defaults. `sizeOf` must be given for a bound in bytes. */
export const mailboxSettings = <U, E>(
  { scheduler, watch, maxPending }: MailboxGroup,
  delivery: Delivery<E> & { readonly abortable?: boolean },
  stallAfter: number,
  measure: Measure<U, E>,
  sizeOf: ((event: E) => number) | undefined,
): MailboxSettings<U, E> => {
  const { retry, failAfter, abortable } = delivery;
  const bytesBound = delivery.required ? delivery.highWaterMarkBytes : delivery.capacityBytes;
  const shared = {
    measure,
    scheduler,
    watch,
    stallAfter,
    failAfter,
    abortable,
    retry: typeof retry === 'number' ? { count: retry } : retry,
    bytesOf: bytesBound === undefined ? undefined : sizeBy(measure, sizeOf!),
  };
  const settings: MailboxSettings<U, E> = {
    ...shared,
    ...(delivery.required ? bounded(delivery, maxPending) : dropping(delivery)),
  };
  const { onFailure, lanes } = delivery.required ? delivery : {};
  // lanes come last: their mailbox gets the settings that the other strategies have made
  return [settings.overflow, delivery.gather, onFailure, lanes].reduce<MailboxSettings<U, E>>(
    (changed, strategy) =>
      typeof strategy === 'object' ? (strategy as unknown as Strategy<E>).applied(changed, delivery) : changed,
    settings,
  );
};

const bounded = <E>(
  { highWaterMark = DEFAULT_HIGH_WATER_MARK, highWaterMarkBytes, onFailure }: RequiredDelivery<E>,
  maxPending: number,
) => ({
  failure: typeof onFailure === 'function' ? takenBy(onFailure) : undefined,
  highWaterMark: Math.min(highWaterMark, maxPending),
  highWaterMarkBytes,
});

/** Handles failures with the user's function, and waits for its work. Values that the work emits are ignored. */
const takenBy =
  <E>(onFailure: (events: readonly E[], error: unknown) => unknown): HandlingOf<E> =>
  () => ({ take: onFailure });

const dropping = <E>({
  capacity = DEFAULT_CAPACITY,
  capacityBytes,
  overflow = 'dropNewest',
  observeOn,
  missed,
}: OptionalDelivery<E>) => ({ capacity, capacityBytes, overflow, observeOn, missed });

/** Throws `OptionError` if a strategy of a delivery contradicts its other options. */
export const checkStrategies = (delivery: object, isBatch: boolean): void => {
  const given = delivery as Readonly<Record<string, Strategy<unknown> | undefined>>;
  const onFailure: unknown = given['onFailure'];
  if (typeof onFailure === 'function' && (given['required'] as unknown) !== true)
    throw new OptionError('onFailure', 'a required subscriber', onFailure);
  for (const option of ['gather', 'onFailure', 'lanes']) given[option]?.check?.(given, isBatch);
};
