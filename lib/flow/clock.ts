import { asyncScheduler, Observable, Subscription, type SchedulerLike, type Unsubscribable } from 'rxjs';

/** Milliseconds of the day's clock lie above it, those of a virtual clock below. */
const EPOCH = 1e11;

/**
 * Milliseconds that pass, for durations: a clock that is set back or forward does not change them. RxJS's default
 * scheduler tells the time of day, so another clock is read in its place; but not where a TestScheduler runs it.
 */
export const elapsed = (scheduler: SchedulerLike): number =>
  isRealTime(scheduler) ? performance.now() : scheduler.now();

/** Whether it is RxJS's default scheduler, and no `TestScheduler` runs it. */
export const isRealTime = (scheduler: SchedulerLike): boolean =>
  scheduler === asyncScheduler && scheduler.now() > EPOCH;

/** The longest that a timer of the platform waits: what is longer would fire at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * Calls `then` after `ms` milliseconds, however many; `Infinity` never. One timer at a time. `then` is never called inside
 * this call: what a scheduler runs immediately, as the `queueScheduler` runs what is due, waits for the next turn.
 */
export const after = (scheduler: SchedulerLike, ms: number, then: () => void): Subscription => {
  const timer = new Subscription();
  if (ms === Infinity) return timer;
  const sleep = (left: number): void => {
    const step = Math.min(left, LONGEST);
    const wait = new Subscription();
    timer.add(wait);
    const fire = (): void => {
      timer.remove(wait);
      if (left > step) sleep(left - step);
      else then();
    };
    let isInside = true;
    const fired = scheduler.schedule(() => {
      if (isInside) wait.add(asyncScheduler.schedule(fire));
      else fire();
    }, step);
    isInside = false;
    wait.add(fired);
  };
  sleep(ms);
  return timer;
};

/** `timer` of RxJS for any length: emits 0 after `ms`, and completes. */
export const timerAfter = (scheduler: SchedulerLike, ms: number): Observable<0> =>
  new Observable(subscriber =>
    after(scheduler, ms, () => {
      subscriber.next(0);
      subscriber.complete();
    }),
  );

/** A timer of the platform. */
export interface RealTimer extends Unsubscribable {
  /** Whether it keeps a Node process alive. */
  keepAlive(level: boolean): void;
}

/**
 * Calls `then` after `ms` milliseconds of real time, or earlier if that is longer than a timer can wait. It keeps no process
 * alive unless it is told to.
 */
export const realTimer = (ms: number, then: () => void): RealTimer => {
  const timer: unknown = setTimeout(then, Math.min(ms, LONGEST));
  // a browser's timer is a number
  const held = timer as { ref?(): void; unref?(): void };
  held.unref?.();
  return {
    keepAlive: level => (level ? held.ref?.() : held.unref?.()),
    unsubscribe: () => clearTimeout(timer as number),
  };
};
