import { asyncScheduler, Observable, Subscription, type NextObserver, type SchedulerLike, type Subscriber } from 'rxjs';
import { anyTrue } from './level/anyTrue.js';
import { subscribeOwned } from './subscribeOwned.js';
import { BacklogFullError } from './contract/BacklogFullError.js';
import { DEFAULT_MAX_PENDING, type Delivery } from './contract/Delivery.js';
import { followLevel } from './level/followLevel.js';
import { DELIVERY } from './contract/deliveryOptions.js';
import { mailboxFor, office } from './mailbox/mailboxFor.js';
import type { Notice } from './contract/Notice.js';
import { aFunction, anything, checkOptions, count, observer, scheduler, type Checks } from './contract/options.js';
import { openSource, type Source } from './contract/Source.js';
import { nameOf, reporter } from './reporter.js';
import { singleEvent, type Measure } from './mailbox/Measure.js';

/** What these operators take; and what only a broker does, so that a subscriber may be given as it is. */
const OPTIONS: Checks = {
  ...DELIVERY,
  types: anything,
  closed$: anything,
  drainOnClose: anything,
  next: anything,
  nextBatch: anything,
  project: aFunction,
  maxPending: count(1),
  scheduler,
  notices: observer,
};

/** How a stream goes through a mailbox of its own: the engine of `backpressure` and `pausable`. */
export interface Through<T, R> {
  /** The operator: the name in errors, and in notices where the user gave none. */
  readonly operator: string;
  readonly delivery: Delivery<T> & {
    readonly maxPending?: number | undefined;
    readonly scheduler?: SchedulerLike | undefined;
    readonly notices?: NextObserver<Notice<T>> | undefined;
  };
  readonly start: (value: T, subscriber: Subscriber<R>) => unknown;
  /** Whether what the work emits goes downstream. */
  readonly emits: boolean;
}

/**
 *     source ──► skip? ──► [ mailbox ] ──► start ──► downstream
 *        ▲                     │
 *        └────── pause$ ◄──────┘ saturated
 *
 * The options are checked when they are given. Completion waits for what the mailbox holds; an error goes downstream at once, as `concatMap` does.
 */
export const mailboxStream = <T, R>(options: Through<T, R>): ((source: Source<T>) => Observable<R>) => {
  const delivery = checkOptions(options.operator, options.delivery, OPTIONS);
  const name = nameOf(delivery.name, options.operator);
  const { maxPending = DEFAULT_MAX_PENDING } = delivery;
  const limit = delivery.required ? maxPending : Infinity;

  return source =>
    new Observable<R>(subscriber => {
      const who = { id: 0, key: 0, name };
      const pressure = anyTrue();
      const { notify, failed } = reporter(delivery.notices, who);
      let skipping = false;
      let skipped = 0;

      const fail = (error: unknown): void => {
        failed([], error, 1, true);
        subscriber.error(error);
      };
      const mailbox = mailboxFor<T, T>(
        office(delivery.scheduler ?? asyncScheduler, notify, maxPending),
        who,
        delivery,
        delivery.stallAfter ?? Infinity,
        {
          unit: singleEvent as Measure<T, T>,
          start: value => options.start(value, subscriber),
          value: options.emits
            ? value => {
                subscriber.next(value as R);
              }
            : undefined,
          failed: (events, error, attempts) => {
            const stops = delivery.required && delivery.onFailure !== 'continue';
            failed(events, error, attempts, stops);
            if (stops) subscriber.error(error);
          },
          broken: error => {
            failed([], error, 1);
          },
          level: saturated => (saturated ? pressure.raise() : pressure.lower()),
          closed: unfinished => {
            const tally = mailbox.tally();
            notify({
              type: 'Closed',
              subscriber: who,
              tally: { ...tally, offered: tally.offered + skipped, skipped },
              unfinished,
            });
            subscriber.complete();
          },
        },
      );
      // the source first: a mailbox that closes leaves the pause, and would let it go on
      const input = new Subscription();
      subscriber.add(input);
      subscriber.add(() => {
        mailbox.close();
      });

      const { skip$, hold$ } = delivery;
      const setSkipping = (level: boolean): void => {
        skipping = level;
      };
      const setHeld = (level: boolean): void => {
        mailbox.hold(level);
      };
      if (skip$ !== undefined) attachLevel(subscriber, skip$, setSkipping, fail);
      if (hold$ !== undefined) attachLevel(subscriber, hold$, setHeld, fail);
      if (subscriber.closed) return;

      subscribeOwned(input, openSource(source, pressure.level$), {
        next: value => {
          if (skipping) skipped++;
          else if (mailbox.pending >= limit) subscriber.error(new BacklogFullError(name, mailbox.pending, maxPending));
          else mailbox.offer(value);
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
        complete: () => {
          mailbox.end();
        },
      });
    });
};

const attachLevel = (
  subscriber: Subscriber<unknown>,
  level$: Observable<boolean>,
  onChange: (level: boolean) => void,
  onError: (error: unknown) => void,
): void => {
  subscriber.add(followLevel(level$, onChange, onError));
};
