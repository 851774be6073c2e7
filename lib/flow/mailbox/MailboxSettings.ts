import type { RetryConfig, SchedulerLike } from 'rxjs';
import { DEFAULT_CAPACITY, DEFAULT_HIGH_WATER_MARK, type Delivery, type Overflow } from '../contract/Delivery.js';
import type { Gap } from '../contract/Gap.js';
import type { Measure } from './Measure.js';
import type { MailboxWatch } from './mailboxWatch.js';

/** The bounds and the rules of a mailbox. Counts are in events, times in ms. */
export interface MailboxSettings<U, E> {
  readonly measure: Measure<U, E>;
  /** It is saturated from that many pending events on, including the delivery in hand, until half of them are left. */
  readonly highWaterMark?: number;
  /** The same in bytes. Needs `bytesOf`. */
  readonly highWaterMarkBytes?: number;
  /** Must not throw. */
  readonly bytesOf?: (unit: U) => number;
  /** How many events may wait, not including the delivery in hand. Without it nothing is dropped. */
  readonly capacity?: number;
  readonly overflow?: Overflow;
  /** Called with what was dropped, before the next delivery. */
  readonly missed?: ((gap: Gap<E>) => void) | undefined;
  readonly retry?: RetryConfig | undefined;
  /** Times the `delay` of `retry`. */
  readonly scheduler: SchedulerLike;
  /** Where `start` runs. Default: inside `offer`. */
  readonly observeOn?: SchedulerLike | undefined;
  readonly watch: MailboxWatch;
  readonly stallAfter: number;
}

/** What the mailboxes of one broker, or of one operator, have in common. */
export interface MailboxGroup {
  readonly scheduler: SchedulerLike;
  readonly watch: MailboxWatch;
  /** Pending events past which a required mailbox refuses more. It is saturated before that (promise B12). */
  readonly maxPending: number;
}

/** The settings of a delivery, with its defaults. */
export const mailboxSettings = <U, E>(
  { scheduler, watch, maxPending }: MailboxGroup,
  delivery: Delivery<E>,
  stallAfter: number,
  measure: Measure<U, E>,
): MailboxSettings<U, E> => {
  const { retry } = delivery;
  const shared = {
    measure,
    scheduler,
    watch,
    stallAfter,
    retry: typeof retry === 'number' ? { count: retry } : retry,
  };
  if (delivery.required)
    return { ...shared, highWaterMark: Math.min(delivery.highWaterMark ?? DEFAULT_HIGH_WATER_MARK, maxPending) };
  const { capacity = DEFAULT_CAPACITY, overflow = 'dropNewest', observeOn, missed } = delivery;
  return { ...shared, capacity, overflow, observeOn, missed };
};
