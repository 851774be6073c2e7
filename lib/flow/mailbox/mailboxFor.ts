import { subscribeOn, type SchedulerLike } from 'rxjs';
import { retryInPlace } from './retryInPlace.js';
import type { Delivery } from '../contract/Delivery.js';
import type { Gap } from '../contract/Gap.js';
import { Mailbox } from './Mailbox.js';
import type { Notice, Who } from '../contract/Notice.js';
import { stallWatch, type StallWatch } from './stallWatch.js';
import type { Measure } from './Measure.js';
import { startUnlessCancelled } from './Work.js';

export const DEFAULT_HIGH_WATER_MARK = 1024;
export const DEFAULT_CAPACITY = 1024;

/** A mailbox and whose it is: what a stall watch watches. */
export interface Box<E> {
  readonly who: Who;
  readonly mailbox: Mailbox<never, E>;
}

/** Where the mailboxes of a broker or an operator report to. */
export interface Office<E> {
  readonly scheduler: SchedulerLike;
  readonly watch: StallWatch<Box<E>>;
  readonly notify: (notice: Notice<E>) => void;
  /** Where a required mailbox refuses more; it is saturated before (promise B12). */
  readonly maxPending: number;
}

export const office = <E>(
  scheduler: SchedulerLike,
  notify: (notice: Notice<E>) => void,
  maxPending: number,
): Office<E> => ({
  scheduler,
  notify,
  maxPending,
  watch: stallWatch<Box<E>>(scheduler, ({ who, mailbox }, since) => {
    const { front } = mailbox;
    const event = front === undefined ? {} : { event: front };
    notify({ type: 'Stalled', subscriber: who, ...event, since, waiting: mailbox.behind });
  }),
});

/** A mailbox that serves as `delivery` says: its bound, its retries, its scheduler, its notices. */
export const mailboxFor = <U, E>(
  { scheduler, notify, watch, maxPending }: Office<E>,
  who: Who,
  delivery: Delivery<E>,
  stallAfter: number,
  on: {
    readonly unit: Measure<U, E>;
    readonly start: (unit: U) => unknown;
    readonly value?: ((value: unknown) => void) | undefined;
    /** For good, after `attempts` tries. */
    readonly failed: (events: readonly E[], error: unknown, attempts: number) => void;
    /** A teardown of its work threw. */
    readonly broken: (error: unknown) => void;
    readonly level: (saturated: boolean) => void;
    readonly closed: (unfinished: readonly E[]) => void;
  },
): Mailbox<U, E> => {
  let attempts = 1;
  const { retry } = delivery;
  const observeOn = delivery.required ? undefined : delivery.observeOn;
  const missed = delivery.required ? undefined : delivery.missed;
  const wanted = (): boolean => !mailbox.closed;
  const start =
    observeOn === undefined
      ? on.start
      : (unit: U) => startUnlessCancelled(() => on.start(unit), wanted, on.broken).pipe(subscribeOn(observeOn));
  const { value } = on;
  const mailbox: Mailbox<U, E> = new Mailbox<U, E>({
    unit: on.unit,
    ...(delivery.required
      ? { highWaterMark: Math.min(delivery.highWaterMark ?? DEFAULT_HIGH_WATER_MARK, maxPending) }
      : { capacity: delivery.capacity ?? DEFAULT_CAPACITY, overflow: delivery.overflow ?? 'dropNewest' }),
    start: unit => {
      attempts = 1;
      return start(unit);
    },
    ...(value === undefined ? {} : { value }),
    ...(retry === undefined
      ? {}
      : {
          again: (unit: U, first: () => unknown) =>
            retryInPlace(
              retry,
              scheduler,
              first,
              number => {
                attempts = number;
                return start(unit);
              },
              wanted,
              on.broken,
            ),
        }),
    failed: (unit, error) => {
      on.failed(on.unit.events(unit), error, attempts);
    },
    broken: on.broken,
    dropped: (gap, open) => {
      notify({ type: 'Dropped', subscriber: who, open, ...gap });
    },
    ...(missed === undefined
      ? {}
      : {
          missed: (gap: Gap<E>) => {
            try {
              missed(gap);
            } catch (error) {
              on.failed([], error, 1);
            }
          },
        }),
    level: (saturated, pending) => {
      // told first: a source that hears of the level may change it again before it returns
      notify({ type: saturated ? 'Saturated' : 'Clear', subscriber: who, pending });
      on.level(saturated);
    },
    progress: pending => {
      if (pending > 0) watch.startWait(box, stallAfter);
      else watch.endWait(box);
    },
    closed: unfinished => {
      on.closed(unfinished.flatMap(unit => on.unit.events(unit)));
    },
  });
  const box: Box<E> = { who, mailbox: mailbox as unknown as Mailbox<never, E> };
  return mailbox;
};
