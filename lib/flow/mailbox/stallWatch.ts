import type { SchedulerLike, Subscription } from 'rxjs';
import { after, elapsed, isRealTime, realTimer, type RealTimer } from '../clock.js';
import { writeError } from '../reporter.js';

/** An object that can stall. */
export interface Progressing {
  /** Changes with each step that it makes. */
  readonly steps: number;
}

interface Wait {
  stallAfter: number;
  since: number;
  /** Its steps when the watch last looked. */
  steps: number;
  isReported: boolean;
}

/**
 * Reports waits that make no progress for too long (promise B15), in ms of the scheduler's clock. Setting the system clock
 * back does not change durations. It never throws, whatever the scheduler does.
 */
export interface StallWatch<K extends Progressing> {
  /** Whether each step must be reported with `startWait`. If not, the watch reads the steps now and then. */
  readonly isExact: boolean;
  /** `who` waits from now on, or has made a step and waits again. */
  startWait(who: K, stallAfter: number): void;
  /** `who` waits no more. */
  endWait(who: K): void;
  /** `who` never waits again. If nothing else waits, the timer is cleared, which would keep `who` in memory. */
  leave(who: K): void;
}

/** Looks per `stallAfter` in real time. So a report is at most a quarter of `stallAfter` late. */
const LOOKS = 8;

/**
 * Makes a watch with one one-shot timer for all waits (promise B14).
 *
 * On a user's scheduler, or in virtual time, every step is reported and times are exact. In real time, reading the clock at
 * every step would cost most of the throughput of asynchronous deliveries. So there the watch looks now and then whether
 * a step was made, and uses the time of that look as the time of the step. A report may be late, but never early. When
 * nothing waits, that timer runs out. It keeps the process alive only with `keepsAlive`, and only during a wait.
 */
export const stallWatch = <K extends Progressing>(
  scheduler: SchedulerLike,
  stalled: (who: K, since: number) => void,
  keepsAlive = false,
): StallWatch<K> => {
  const waiting = new Map<K, Wait>();
  let timer: Subscription | RealTimer | undefined;
  let firesAt = Infinity;

  const nextLook = ({ since, stallAfter }: Wait, now: number): number =>
    watch.isExact ? since + stallAfter : Math.min(since + stallAfter, now + stallAfter / LOOKS);

  const sleepUntil = (due: number, now: number): void => {
    if (due >= firesAt) return;
    timer?.unsubscribe();
    firesAt = due;
    timer = watch.isExact ? after(scheduler, due - now, wake) : realTimer(due - now, wake);
    keepAlive();
  };
  const keepAlive = (): void => {
    if (keepsAlive && !watch.isExact) (timer as RealTimer).keepAlive(waiting.size > 0);
  };
  const stopTimer = (): void => {
    timer?.unsubscribe();
    timer = undefined;
    firesAt = Infinity;
  };
  // a `TestScheduler` may take over between two waits
  const useClock = (exact: boolean): void => {
    if (exact !== watch.isExact) stopTimer();
    watch.isExact = exact;
  };
  const wake = (): void => {
    firesAt = Infinity;
    attempt(look);
  };
  // a scheduler that throws has set no timer: the next wait sets one
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      firesAt = Infinity;
      writeError('a scheduler threw', error);
    }
  };
  const look = (): void => {
    const now = elapsed(scheduler);
    const late: [K, Wait, number][] = [];
    let next = Infinity;
    for (const [who, wait] of waiting) {
      if (who.steps !== wait.steps) Object.assign(wait, { since: now, steps: who.steps, isReported: false });
      if (wait.since + wait.stallAfter <= now && !wait.isReported) {
        wait.isReported = true;
        late.push([who, wait, scheduler.now() - (now - wait.since)]);
      }
      if (!wait.isReported || !watch.isExact)
        next = Math.min(next, wait.isReported ? now + wait.stallAfter / LOOKS : nextLook(wait, now));
    }
    sleepUntil(next, now);
    // `stalled` may end other waits
    for (const [who, wait, since] of late) if (wait.isReported && waiting.get(who) === wait) stalled(who, since);
  };

  // `isExact` is a plain field: it is read at each step of each delivery
  const watch = {
    isExact: true,
    startWait: (who: K, stallAfter: number) => {
      if (stallAfter === Infinity) return;
      attempt(() => {
        useClock(!isRealTime(scheduler));
        const now = elapsed(scheduler);
        const wait: Wait = { stallAfter, since: now, steps: who.steps, isReported: false };
        waiting.set(who, wait);
        sleepUntil(nextLook(wait, now), now);
        keepAlive();
      });
    },
    endWait: (who: K) => {
      if (!waiting.delete(who) || waiting.size > 0) return;
      if (watch.isExact) stopTimer();
      else keepAlive();
    },
    leave: (who: K) => {
      waiting.delete(who);
      if (waiting.size === 0) stopTimer();
    },
  };
  return watch;
};
