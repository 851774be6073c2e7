import { asyncScheduler, Observable, Subscription, type NextObserver, type SchedulerLike, type Subscriber } from 'rxjs';
import { anyTrue } from './level/anyTrue.js';
import { subscribeOwned } from './subscribeOwned.js';
import { abortOf } from './abortOf.js';
import { BacklogFullError } from './contract/BacklogFullError.js';
import { DEFAULT_MAX_PENDING, type Delivery } from './contract/Delivery.js';
import { followLevel } from './level/followLevel.js';
import { checkSizeOf, DELIVERY } from './contract/deliveryOptions.js';
import type { MailboxEngine } from './mailbox/MailboxEngine.js';
import { openMailbox } from './mailbox/openMailbox.js';
import type { MailboxOwner } from './mailbox/MailboxOwner.js';
import { checkStrategies, mailboxSettings } from './mailbox/MailboxSettings.js';
import { mailboxWatch } from './mailbox/mailboxWatch.js';
import type { Inspector } from './contract/Inspector.js';
import type { Notice } from './contract/Notice.js';
import {
  abortSignal,
  aFunction,
  anything,
  checkOptions,
  count,
  having,
  observer,
  scheduler,
  type Checks,
} from './contract/options.js';
import type { Signal } from './contract/Signal.js';
import { openSource, type Source } from './contract/Source.js';
import { MailboxSettlement, type Consumed } from './settlement/MailboxSettlement.js';
import { nameOf, reporter } from './reporter.js';
import { singleEvent, type Measure } from './mailbox/Measure.js';

/** The options of these operators. Options that only a broker uses are accepted, so a subscriber can be passed as it is. */
const OPTIONS: Checks = {
  ...DELIVERY,
  types: anything,
  closed$: anything,
  signal: abortSignal,
  drainOnClose: anything,
  next: anything,
  nextBatch: anything,
  project: aFunction,
  sizeOf: aFunction,
  maxPending: count(1),
  scheduler,
  notices: observer,
  inspect: having('an inspector, as inspector() returns it', 'opened'),
};

/** Options of `mailboxStream`, the engine of `backpressure` and `pausable`. */
export interface Through<T, R> {
  /** The name of the operator in errors; in notices, too, unless the user gave a name. */
  readonly operator: string;
  readonly delivery: Delivery<T> & {
    readonly maxPending?: number | undefined;
    readonly sizeOf?: ((value: T) => number) | undefined;
    readonly abortable?: boolean;
    readonly signal?: Signal | undefined;
    readonly scheduler?: SchedulerLike | undefined;
    readonly notices?: NextObserver<Notice<T>> | undefined;
    readonly inspect?: Inspector | undefined;
  };
  readonly start: (value: T, subscriber: Subscriber<R>, signal: Signal | undefined) => unknown;
  /** The values that the work emits go downstream. Default: they do not. */
  readonly emits?: true;
  /** Called when the work on a value has completed. Returns whether all values so far are settled. Default: they are. */
  readonly isGroupOver?: () => boolean;
}

/**
 *     source ──► skip? ──► [ mailbox ] ──► start ──► downstream
 *        ▲                     │
 *        └────── pause$ ◄──────┘ saturated
 *
 * Gives each subscription of a source a mailbox of its own. The options are checked in this call. Completion waits until the
 * mailbox is empty; an error goes downstream immediately, as with `concatMap`.
 */
export const mailboxStream = <T, R>(options: Through<T, R>): ((source: Source<T>) => Observable<R>) => {
  const delivery = checkOptions(options.operator, options.delivery, OPTIONS);
  checkSizeOf(options.operator, delivery, delivery.sizeOf);
  checkStrategies(delivery, false);
  const name = nameOf(delivery.name, options.operator);
  const { maxPending = DEFAULT_MAX_PENDING } = delivery;
  const limit = delivery.required ? maxPending : Infinity;
  const clock = delivery.scheduler ?? asyncScheduler;
  const canStop = delivery.required && delivery.onFailure !== 'continue';

  const measure = singleEvent as Measure<T, T>;

  return source => {
    const consumed: Consumed = { received: 0, settled: 0 };
    return new Observable<R>(subscriber => {
      const who = { id: 0, key: 0, name };
      const pressure = anyTrue();
      const { notify: report, failed } = reporter(delivery.notices, who);
      const flow = delivery.inspect?.opened<T>('backpressure', delivery.name && name, clock);
      const notify = (notice: Notice<T>): void => {
        flow?.noticed(notice);
        report(notice);
      };
      const { required, stallAfter = Infinity } = delivery;
      const tap = flow?.consumer({
        who,
        required,
        delivery,
        stallAfter,
        measure,
        pending: 0,
        saturated: false,
        held: false,
      });
      let isSkipping = false;
      let skipped = 0;

      const owner: MailboxOwner<T, T> = {
        who,
        get settlement() {
          return settlement.settlement;
        },
        tap,
        notify,
        start: (value, signal) => options.start(value, subscriber, signal),
        emitted: options.emits
          ? value => {
              settlement.emitted();
              subscriber.next(value as R);
            }
          : undefined,
        saturated: level => (level ? pressure.raise() : pressure.lower()),
        accepted: () => settlement.accepted(),
        progressed: () => settlement.finished(),
        failed: (events, error, attempts, isTaken = false) => {
          const willStop = canStop && !isTaken;
          if (willStop) settlement.end();
          failed(events, error, attempts, willStop);
          if (willStop) subscriber.error(error);
        },
        threw: error => failed([], error, 1),
        closed: unfinished => {
          const tally = mailbox.tally();
          const all = { ...tally, offered: tally.offered + skipped, skipped };
          tap?.closed();
          notify({ type: 'Closed', subscriber: who, tally: all, unfinished });
          flow?.closed();
          subscriber.complete();
        },
      };
      const watch = mailboxWatch(clock, notify);
      const mailbox: MailboxEngine<T> = openMailbox(
        owner,
        mailboxSettings({ scheduler: clock, watch, maxPending }, delivery, stallAfter, measure, delivery.sizeOf),
      );
      const settlement = new MailboxSettlement(mailbox, consumed, {
        required: delivery.required,
        isGroupOver: options.isGroupOver,
      });
      // the source is torn down first: a mailbox that closes lowers `pause$`, which would resume the source
      const input = new Subscription();
      subscriber.add(input);
      subscriber.add(() => settlement.end());
      subscriber.add(() => mailbox.close());

      const stop = (error: unknown): void => {
        settlement.end();
        subscriber.error(error);
      };
      const fail = (error: unknown): void => {
        failed([], error, 1, true);
        stop(error);
      };
      const leave = (): void => {
        settlement.end();
        input.unsubscribe();
        mailbox.close();
      };
      const hold = (level: boolean): void => {
        tap?.held(level);
        mailbox.hold(level);
      };
      const { skip$, hold$, signal } = delivery;
      if (skip$ !== undefined) subscriber.add(followLevel(skip$, level => (isSkipping = level), fail));
      if (hold$ !== undefined) subscriber.add(followLevel(hold$, hold, fail));
      if (signal !== undefined) subscribeOwned(subscriber, abortOf(signal), { next: leave, error: fail });
      if (subscriber.closed) return;

      subscribeOwned(input, openSource(source, pressure.level$, settlement.settlement), {
        next: value => {
          if (!isSkipping && mailbox.pending >= limit) {
            stop(new BacklogFullError(name, mailbox.pending, maxPending));
            return;
          }
          const outer = settlement.place;
          const place = settlement.take();
          flow?.came();
          if (isSkipping) {
            skipped++;
            tap?.skipped(value);
          } else mailbox.offer(value);
          settlement.taken(place, outer);
        },
        error: stop,
        complete: () => mailbox.end(),
      });
    });
  };
};
