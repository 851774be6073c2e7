import type { SchedulerLike, Subscription } from 'rxjs';

interface Wait {
  since: number;
  due: number;
  told: boolean;
}

/** Tells who has waited for too long without progress (promise B15). Times are milliseconds of the scheduler's clock. */
export interface StallWatch<K> {
  /** `who` waits from now on, or has made progress and waits again. */
  waits(who: K, stallAfter: number): void;
  /** `who` waits for nothing. */
  rests(who: K): void;
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
    timer = scheduler.schedule(look, due - now);
  };
  const look = (): void => {
    firesAt = Infinity;
    const now = scheduler.now();
    const late: [K, number][] = [];
    let next = Infinity;
    for (const [who, wait] of waiting) {
      if (wait.told) continue;
      if (wait.due <= now) {
        wait.told = true;
        late.push([who, wait.since]);
      } else next = Math.min(next, wait.due);
    }
    if (next < Infinity) sleepUntil(next, now);
    for (const [who, since] of late) stalled(who, since);
  };

  return {
    waits: (who, stallAfter) => {
      if (stallAfter === Infinity) return;
      const since = scheduler.now();
      const due = since + stallAfter;
      const wait = waiting.get(who);
      if (wait === undefined) waiting.set(who, { since, due, told: false });
      else Object.assign(wait, { since, due, told: false });
      sleepUntil(due, since);
    },
    rests: who => {
      if (!waiting.delete(who) || waiting.size > 0) return;
      timer?.unsubscribe();
      firesAt = Infinity;
    },
  };
};
