import type { SchedulerLike } from 'rxjs';
import { escaped } from '../event/shown.js';
import { after } from '../flow/clock.js';
import type { Notify } from '../flow/reporter.js';

/** What a writer waits for while no block is open, so that no `SlowBlock` reports it. */
export type LongWait = 'its progress' | 'beginBlock' | 'onUpgrade' | 'its release';

/**
 * Waits for work of a store. If it takes longer than 2 s, for example because its client never connects, emits `Waiting`
 * once.
 */
export type WaitReport = <A>(of: LongWait, work: () => Promise<A>) => Promise<A>;

const LONG = 2000;

export const waitReport =
  (chainId: string, scheduler: SchedulerLike, notify: Notify<never>): WaitReport =>
  async (of, work) => {
    const timer = after(scheduler, LONG + 1, () =>
      notify({ type: 'Waiting', what: `block store of ${escaped(chainId)}: ${of} takes more than 2 s` }),
    );
    try {
      return await work();
    } finally {
      timer.unsubscribe();
    }
  };
