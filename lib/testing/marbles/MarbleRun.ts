import type { TestScheduler } from 'rxjs/testing';
import type { Expectations } from './Expectations.js';

/** One run in virtual time, shared by the helpers. */
export interface MarbleRun {
  readonly scheduler: TestScheduler;
  readonly expectations: Expectations;
  /** Calls `look` after every step of virtual time. One instant may have several steps. */
  readonly afterEachStep: (look: () => void) => void;
}

export const marbleRun = (scheduler: TestScheduler, expectations: Expectations): MarbleRun => {
  const looks: (() => void)[] = [];
  const schedule = scheduler.schedule.bind(scheduler);
  // All work of a run is scheduled here: that of RxJS, of `cold` and `hot`, and of the expectations.
  scheduler.schedule = (work, delay, state) =>
    schedule(
      function (now) {
        work.call(this, now);
        for (const look of looks) look();
      },
      delay,
      state,
    );
  return {
    scheduler,
    expectations,
    afterEachStep: look => {
      looks.push(look);
    },
  };
};
