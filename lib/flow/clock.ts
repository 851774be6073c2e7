import { asyncScheduler, Observable, Subscription, type SchedulerLike, type Unsubscribable } from 'rxjs';

/** In ms. A wall clock, which counts from 1970, is above it; a virtual clock is below. */
const EPOCH = 1e11;

/**
 * The time in ms, for durations: setting the system clock does not change it. RxJS's default scheduler tells the time of
 * day, so a monotonic clock is read instead, unless a `TestScheduler` runs that scheduler.
 */
export const elapsed = (scheduler: SchedulerLike): number =>
  isRealTime(scheduler) ? performance.now() : scheduler.now();

/** Whether `scheduler` is RxJS's default scheduler, and no `TestScheduler` runs it. */
export const isRealTime = (scheduler: SchedulerLike): boolean =>
  scheduler === asyncScheduler && scheduler.now() > EPOCH;

/** The longest delay of a platform timer, in ms. A timer with a longer delay would fire immediately. */
const LONGEST = 2 ** 31 - 1;

/**
 * Calls `then` after `ms` milliseconds of any length; never, for `Infinity`. Uses one timer at a time. `then` is never
 * called inside this call. If the scheduler runs due work immediately, as the `queueScheduler` does, `then` is called in
 * the next turn.
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
 * Calls `then` after `ms` milliseconds of real time; earlier, if that is more than a timer can wait. The timer keeps a Node
 * process alive only after `keepAlive(true)`.
 */
export const realTimer = (ms: number, then: () => void): RealTimer => {
  const timer: unknown = setTimeout(then, Math.min(ms, LONGEST));
  // a timer of a browser is a number, without `ref` and `unref`
  const held = timer as { ref?(): void; unref?(): void };
  held.unref?.();
  return {
    keepAlive: level => (level ? held.ref?.() : held.unref?.()),
    unsubscribe: () => clearTimeout(timer as number),
  };
};
