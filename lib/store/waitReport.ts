import type { SchedulerLike } from 'rxjs';
import { escaped } from '../event/shown.js';
import { after } from '../flow/clock.js';
import type { Notify } from '../flow/reporter.js';

/** What is waited for while no block is open, so that no `SlowBlock` says so. */
export type LongWait = 'its progress' | 'beginBlock' | 'onUpgrade' | 'its release';

/** Waits for work of a store. What takes longer than 2 s, such as a client that never connects, is told once with `Waiting`. */
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
