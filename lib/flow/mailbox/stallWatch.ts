import type { SchedulerLike, Subscription } from 'rxjs';
import { after, elapsed } from '../clock.js';
import { writeError } from '../reporter.js';

interface Wait {
  since: number;
  due: number;
  told: boolean;
}

/**
 * Tells who has waited for too long without progress (promise B15). What it tells is in milliseconds of the scheduler's
 * clock; what it measures does not follow a clock that is set back. It never throws, whatever the scheduler does.
 */
export interface StallWatch<K> {
  /** `who` waits from now on, or has made progress and waits again. */
  startWait(who: K, stallAfter: number): void;
  /** `who` waits for nothing. */
  endWait(who: K): void;
}

/**
 * One one-shot timer for all that wait, gone when nobody does (promise B14). Progress moves a due time only back, so
 * the timer need not be touched: it looks when it fires, and sleeps until the next time that is due.
 */
export const stallWatch = <K>(scheduler: SchedulerLike, stalled: (who: K, since: number) => void): StallWatch<K> => {
  const waiting = new Map<K, Wait>();
  let timer: Subscription | undefined;
  let firesAt = Infinity;

  const sleepUntil = (due: number, now: number): void => {
    if (due >= firesAt) return;
    timer?.unsubscribe();
    firesAt = due;
    timer = after(scheduler, due - now, wake);
  };
  const wake = (): void => {
    firesAt = Infinity;
    attempt(look);
  };
  /** A scheduler that throws has set no timer: the next one who waits sets it. */
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
      if (wait.told) continue;
      if (wait.due <= now) {
        wait.told = true;
        late.push([who, wait, scheduler.now() - (now - wait.since)]);
      } else next = Math.min(next, wait.due);
    }
    if (next < Infinity) sleepUntil(next, now);
    // who hears of one may end the wait of another
    for (const [who, wait, since] of late) if (wait.told && waiting.get(who) === wait) stalled(who, since);
  };

  return {
    startWait: (who, stallAfter) => {
      if (stallAfter === Infinity) return;
      attempt(() => {
        const since = elapsed(scheduler);
        const due = since + stallAfter;
        const wait = waiting.get(who);
        if (wait === undefined) waiting.set(who, { since, due, told: false });
        else Object.assign(wait, { since, due, told: false });
        sleepUntil(due, since);
      });
    },
    endWait: who => {
      if (!waiting.delete(who) || waiting.size > 0) return;
      timer?.unsubscribe();
      firesAt = Infinity;
    },
  };
};
