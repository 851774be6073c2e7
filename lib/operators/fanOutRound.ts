import { Subscription, type Observable, type Observer, type SchedulerLike, type Subscriber } from 'rxjs';
import { anyTrue } from '../flow/level/anyTrue.js';
import { forwardSafely, subscribeOwned } from '../flow/subscribeOwned.js';
import { BacklogFullError } from '../flow/contract/BacklogFullError.js';
import { after } from '../flow/clock.js';
import { DEFAULT_MAX_PENDING } from '../flow/contract/Delivery.js';
import { followLevel } from '../flow/level/followLevel.js';
import { serialize } from '../flow/serialize.js';
import { Mailbox } from '../flow/mailbox/Mailbox.js';
import type { Inspector } from '../flow/contract/Inspector.js';
import type { Notice, Who } from '../flow/contract/Notice.js';
import type { Settlement } from '../flow/contract/Settlement.js';
import type { Notify } from '../flow/reporter.js';
import { openSource, type Source } from '../flow/contract/Source.js';
import { stalledNotice, type MailboxWatch } from '../flow/mailbox/mailboxWatch.js';
import { stallWatch } from '../flow/mailbox/stallWatch.js';
import { singleEvent, type Measure } from '../flow/mailbox/Measure.js';
import { sizeBy } from '../flow/mailbox/Size.js';
import { FanOutFullError } from './FanOutFullError.js';
import { FanOutStartedError } from './FanOutStartedError.js';
import { RoundSettlement } from './RoundSettlement.js';

/** One round of a fan-out: branches join, then the source runs. */
export interface Round<T> {
  join(subscriber: Subscriber<T>, pause$: Observable<boolean>, settlement: Settlement | undefined): void;
}

/** The end of the source. It is queued after the values that came before it. */
const END = Symbol('end');

/**
 *     filling ──► as many as expected: the source is opened ──► running ──► it ends, or the last branch leaves ──► over
 *
 *                       ┌─► [ mailbox ] ──► branch 1          one value at a time reaches every mailbox;
 *     source ──► in turn┤                                     a branch's pause$ holds its mailbox;
 *        ▲              └─► [ mailbox ] ──► branch 2          a full mailbox pauses the source
 *        └─── pause$ ◄── any saturated
 *
 * R1  `over` is called before any branch is notified of the end: a branch that then subscribes again joins a new round (F7).
 * R2  The end of the source is queued after the values that came before it, then waits in each mailbox (F4).
 */
export const fanOutRound = <T>(
  source: Source<T>,
  options: {
    readonly expectedSubscribers: number;
    readonly bufferSize: number;
    readonly stallAfter: number;
    readonly scheduler: SchedulerLike;
    readonly bufferBytes: number;
    readonly sizeOf: ((value: T) => number) | undefined;
    readonly notify: Notify<T>;
    readonly unsettled: (what: string) => void;
    readonly settlement: 'none' | undefined;
    readonly inspect: Inspector | undefined;
  },
  over: () => void,
): Round<T> => {
  const { expectedSubscribers, bufferSize, bufferBytes, sizeOf, stallAfter, scheduler } = options;
  const flow = options.inspect?.opened<T>('fanOut', undefined, scheduler);
  const notify = (notice: Notice<T>): void => {
    flow?.noticed(notice);
    options.notify(notice);
  };
  const measure = singleEvent as Measure<T, T>;
  const maxPending = Math.max(DEFAULT_MAX_PENDING, bufferSize);
  const branches = new Set<Mailbox<T, T>>();
  const pressure = anyTrue();
  const settled = new RoundSettlement(options.settlement === 'none', scheduler, options.unsettled);
  const opened = new Subscription();
  let hasStarted = false;
  let joined = 0;
  let end: (branch: Observer<T>) => void = branch => branch.complete();

  const watch: MailboxWatch = stallWatch(scheduler, (branch, since) => {
    const { who, saturated } = branch;
    notify(stalledNotice(branch, since));
    if (!saturated) return;
    // an idle branch waits for the one that is full
    for (const other of branches)
      if (other.pending === 0) notify({ type: 'Stalled', subscriber: other.who, since, waiting: 0, waitsFor: who });
  });

  const finish = (): void => {
    settled.end();
    opened.unsubscribe();
    over();
    for (const branch of [...branches]) branch.end();
  };

  const deliver = serialize<T | typeof END>(value => {
    if (value === END) {
      finish();
      return;
    }
    flow?.came();
    for (const branch of branches) branch.offer(value);
  });

  const mostPending = (): number => {
    let most = deliver.waiting;
    for (const { pending } of branches) most = Math.max(most, pending);
    return most;
  };

  const fail = (error: unknown): void => {
    end = branch => branch.error(error);
    deliver(END);
  };

  const start = (): void => {
    hasStarted = true;
    late.unsubscribe();
    try {
      subscribeOwned(opened, openSource(source, pressure.level$, settled.settlement), {
        next: value => {
          settled.take();
          const fullest = mostPending();
          if (fullest < maxPending) deliver(value);
          else {
            settled.end();
            opened.unsubscribe();
            fail(new BacklogFullError('fan-out', fullest, maxPending));
          }
        },
        error: fail,
        complete: () => deliver(END),
      });
    } catch (error) {
      fail(error);
    }
  };

  const leave = (branch: Mailbox<T, T>): void => {
    branches.delete(branch);
    if (branches.size === 0 && !opened.closed) {
      // unsubscribes first: closing the mailbox clears its pause, which would resume the source
      opened.unsubscribe();
      late.unsubscribe();
      over();
    }
    branch.close();
    if (branches.size === 0) flow?.closed();
  };

  const late = new Subscription();
  const announceLate = (): void => {
    const what = `fan-out: ${branches.size} of ${expectedSubscribers} branches have subscribed`;
    notify({ type: 'Waiting', what });
  };

  return {
    join: (subscriber, pause$, settlement) => {
      if (hasStarted) {
        const isFull = branches.size === expectedSubscribers;
        const { size } = branches;
        subscriber.error(
          isFull ? new FanOutFullError(expectedSubscribers) : new FanOutStartedError(size, expectedSubscribers),
        );
        return;
      }
      if (joined++ === 0) late.add(after(scheduler, stallAfter, announceLate));
      const who: Who = { id: joined, key: joined, name: `fan-out branch ${joined}` };
      const state = { pending: 0, saturated: false, held: false };
      const delivery = { highWaterMark: bufferSize };
      const tap = flow?.consumer({ who, required: true, delivery, stallAfter, measure, ...state });
      const mailbox: Mailbox<T, T> = new Mailbox<T, T>(
        {
          who,
          tap,
          notify,
          start: value => place.hand(() => subscriber.next(value)),
          saturated: level => (level ? pressure.raise() : pressure.lower()),
          progressed: () => undefined,
          failed: (_, error) => subscriber.error(error),
          // handing a value over is a call: it leaves nothing to tear down
          threw: () => undefined,
          closed: () => {
            tap?.closed();
            end(forwardSafely(subscriber));
          },
        },
        {
          measure,
          highWaterMark: bufferSize,
          highWaterMarkBytes: bufferBytes,
          bytesOf: sizeOf === undefined ? bytesOf : sizeBy(measure, sizeOf),
          scheduler,
          watch,
          stallAfter,
        },
      );
      branches.add(mailbox);
      const place = settled.join(who.name, subscriber, settlement);
      subscriber.add(() => {
        settled.leave(place);
        leave(mailbox);
      });
      const setHeld = (level: boolean): void => {
        tap?.held(level);
        mailbox.hold(level);
      };
      subscriber.add(followLevel(pause$, setHeld, error => subscriber.error(error)));
      if (!subscriber.closed && branches.size === expectedSubscribers) start();
    },
  };
};

/** The bytes of a view. If its buffer was transferred, a `DataView` throws, and other views have 0 bytes. */
const bytesOf = (value: unknown): number => {
  try {
    return ArrayBuffer.isView(value) ? value.byteLength : 0;
  } catch {
    return 0;
  }
};
