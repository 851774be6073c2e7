import type { SchedulerLike, Subscription } from 'rxjs';
import { after, elapsed, isRealTime, realTimer, type RealTimer } from '../clock.js';
import { writeError } from '../reporter.js';

/** What can stall. */
export interface Progressing {
  /** Changes with each step that it makes. */
  readonly steps: number;
}

interface Wait {
  stallAfter: number;
  since: number;
  /** Its steps when it was last looked at. */
  steps: number;
  told: boolean;
}

/**
 * Reports what has waited for too long without progress (promise B15), in ms of the scheduler's clock. Durations do not
 * follow a clock that is set back. It never throws, whatever the scheduler does.
 */
export interface StallWatch<K extends Progressing> {
  /** Whether each step is to be reported with `startWait`. If not, steps are counted when the watch looks. */
  readonly isExact: boolean;
  /** `who` waits from now on, or has made a step and waits again. */
  startWait(who: K, stallAfter: number): void;
  /** `who` waits for nothing. */
  endWait(who: K): void;
  /** `who` never waits again. If nobody else waits, no timer is left that would keep it in memory. */
  leave(who: K): void;
}

/** In real time, how often the watch looks within `stallAfter`: a report comes at most a quarter of it late. */
const LOOKS = 8;

/**
 * One one-shot timer for all that wait (promise B14).
 *
 * On a scheduler of the user's, or in virtual time, every step is reported and the time is exact. In real time reading the
 * clock at every step would cost most of the speed of asynchronous deliveries. So there the watch looks now and then whether
 * a step was made, and takes the time of its look for the time of the step: it is never early. That timer runs out when nobody
 * waits. It keeps a process alive only if `keepsAlive`, and while somebody waits.
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
    if (keepsAlive && timer !== undefined && 'keepAlive' in timer) timer.keepAlive(waiting.size > 0);
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
  // a scheduler that throws has set no timer: the next one who waits sets it
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
      if (who.steps !== wait.steps) Object.assign(wait, { since: now, steps: who.steps, told: false });
      if (wait.since + wait.stallAfter <= now && !wait.told) {
        wait.told = true;
        late.push([who, wait, scheduler.now() - (now - wait.since)]);
      }
      if (!wait.told || !watch.isExact)
        next = Math.min(next, wait.told ? now + wait.stallAfter / LOOKS : nextLook(wait, now));
    }
    if (next < Infinity) sleepUntil(next, now);
    // whoever is notified may end the wait of another one
    for (const [who, wait, since] of late) if (wait.told && waiting.get(who) === wait) stalled(who, since);
  };

  // `isExact` is a plain field: it is read at each step of each delivery
  const watch = {
    isExact: true,
    startWait: (who: K, stallAfter: number) => {
      if (stallAfter === Infinity) return;
      attempt(() => {
        useClock(!isRealTime(scheduler));
        const now = elapsed(scheduler);
        const wait: Wait = { stallAfter, since: now, steps: who.steps, told: false };
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
