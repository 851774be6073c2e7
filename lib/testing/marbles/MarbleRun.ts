import type { TestScheduler } from 'rxjs/testing';
import type { Expectations } from './Expectations.js';

/** One run in virtual time: what our helpers share. */
export interface MarbleRun {
  readonly scheduler: TestScheduler;
  readonly expectations: Expectations;
  /** Calls `look` after every step of virtual time, as often as the steps of one instant are. */
  readonly afterEachStep: (look: () => void) => void;
}

export const marbleRun = (scheduler: TestScheduler, expectations: Expectations): MarbleRun => {
  const looks: (() => void)[] = [];
  const schedule = scheduler.schedule.bind(scheduler);
  // All of a run's work passes here: RxJS's delegates, cold and hot, and the expectations.
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
