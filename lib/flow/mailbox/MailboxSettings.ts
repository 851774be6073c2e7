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
  /** It is saturated from that many pending events on, including the delivery in hand, until half of them are left. */
  readonly highWaterMark?: number;
  /** The same in bytes. Needs `bytesOf`. */
  readonly highWaterMarkBytes?: number | undefined;
  /** The size of a unit, or what `queue` notes, when it is offered. Must not throw. Default: nothing has a size. */
  readonly bytesOf?: ((unit: U) => Noted) | undefined;
  /** How many events may wait, not including the delivery in hand. Without it nothing is dropped. */
  readonly capacity?: number;
  /** The same in bytes. Needs `bytesOf` and `capacity`. */
  readonly capacityBytes?: number | undefined;
  readonly overflow?: Overflow | object;
  /** Where units wait. Default: a `BoundedQueue`. */
  readonly queue?: ((onDropped: OnDropped<E>, advance: () => void) => UnitQueue<U, E>) | undefined;
  /** What delivers, in the place of a `Mailbox`. */
  readonly engine?: ((owner: MailboxOwner<U, E>) => MailboxEngine<U>) | undefined;
  /** `queue` for single events, if a strategy has changed it. */
  readonly single?: EventQueues<E> | undefined;
  /** Takes what fails for good. Default: it is reported. */
  readonly failure?: HandlingOf<E> | undefined;
  /** Called with what was dropped, before the next delivery. */
  readonly missed?: ((gap: Gap<E>) => void) | undefined;
  readonly retry?: RetryConfig | undefined;
  /** How long the work of a try may take. Default: any time. */
  readonly failAfter?: number | undefined;
  /** Whether `start` gets a signal. */
  readonly abortable?: boolean | undefined;
  /** Times `failAfter` and the `delay` of `retry`. */
  readonly scheduler: SchedulerLike;
  /** Where `start` runs. Default: inside `offer`. */
  readonly observeOn?: SchedulerLike | undefined;
  readonly watch: MailboxWatch;
  readonly stallAfter: number;
}

/**
 * What a strategy that users import changes in a mailbox. Mailboxes know strategies by this interface alone: one that is not
 * imported is not in the bundle.
 */
export interface Strategy<E> {
  /** Throws `OptionError` if it does not fit to the other options of a delivery. */
  check?(delivery: Readonly<Record<string, unknown>>, isBatch: boolean): void;
  applied<U>(settings: MailboxSettings<U, E>, delivery: Delivery<E>): MailboxSettings<U, E>;
}

/** What the mailboxes of one broker, or of one operator, have in common. */
export interface MailboxGroup {
  readonly scheduler: SchedulerLike;
  readonly watch: MailboxWatch;
  /** Pending events past which a required mailbox refuses more. It is saturated before that (promise B12). */
  readonly maxPending: number;
}

/** The settings of a delivery, with its defaults. `sizeOf`: the bytes of an event; there if one of its bounds is in bytes. */
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
    bytesOf: bytesBound === undefined || sizeOf === undefined ? undefined : sizeBy(measure, sizeOf),
  };
  const settings: MailboxSettings<U, E> = {
    ...shared,
    ...(delivery.required ? bounded(delivery, maxPending) : dropping(delivery)),
  };
  const { onFailure, lanes } = delivery.required ? delivery : {};
  // lanes last: their mailbox has the settings as they are by then
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

/** A dead letter without a store: the user's function, which is waited for. What its work emits is ignored. */
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

/** Checks the strategies of a delivery. */
export const checkStrategies = (delivery: object, isBatch: boolean): void => {
  const given = delivery as Readonly<Record<string, Strategy<unknown> | undefined>>;
  const onFailure: unknown = given['onFailure'];
  if (typeof onFailure === 'function' && (given['required'] as unknown) !== true)
    throw new OptionError('onFailure', 'a required subscriber', onFailure);
  for (const option of ['gather', 'onFailure', 'lanes']) given[option]?.check?.(given, isBatch);
};
