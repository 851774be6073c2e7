import { Subscription, type SchedulerLike } from 'rxjs';
import { after, elapsed } from '../flow/clock.js';
import type { Notify } from '../flow/reporter.js';

/** A block is slow if it takes longer than this, in ms (promise S9). */
const SLOW = 2000;

/** Reports slow blocks: once while they are open, and once with their total time when they are stored. */
export interface SlowBlocks {
  readonly start: (height: number) => void;
  /** The block is stored. */
  readonly stop: () => void;
  /** The block is rolled back. Returns how long it was open, in ms. */
  readonly cancel: () => number;
}

export const slowBlocks = (scheduler: SchedulerLike, notify: Notify<never>): SlowBlocks => {
  let timer = Subscription.EMPTY;
  let since = 0;
  let height = 0;
  const cancel = (): number => {
    timer.unsubscribe();
    return Math.round(elapsed(scheduler) - since);
  };
  return {
    start: begun => {
      height = begun;
      since = elapsed(scheduler);
      timer = after(scheduler, SLOW + 1, () =>
        notify({ type: 'SlowBlock', height, ms: Math.max(SLOW + 1, Math.round(elapsed(scheduler) - since)) }),
      );
    },
    stop: () => {
      const ms = cancel();
      if (ms > SLOW) notify({ type: 'SlowBlock', height, ms });
    },
    cancel,
  };
};
