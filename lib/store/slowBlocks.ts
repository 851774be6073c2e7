import { Subscription, type SchedulerLike } from 'rxjs';
import { after, elapsed } from '../flow/clock.js';
import type { Notify } from '../flow/reporter.js';

/** A block takes too long past this, in ms (promise S9). */
const SLOW = 2000;

/** Announces blocks that are slow: while they are open, and again, with their whole time, once they are stored. */
export interface SlowBlocks {
  readonly start: (height: number) => void;
  /** The block is stored. */
  readonly stop: () => void;
  /** The block is given up; gives how long it was open. */
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
      timer = after(scheduler, SLOW + 1, () => {
        notify({ type: 'SlowBlock', height, ms: Math.max(SLOW + 1, Math.round(elapsed(scheduler) - since)) });
      });
    },
    stop: () => {
      const ms = cancel();
      if (ms > SLOW) notify({ type: 'SlowBlock', height, ms });
    },
    cancel,
  };
};
