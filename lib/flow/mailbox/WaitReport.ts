import type { Progressing, StallWatch } from './stallWatch.js';

/** Reports to a watch that `who` waits, has made a step, or waits no more. */
export class WaitReport<K extends Progressing> {
  readonly #watch: StallWatch<K>;
  readonly #ms: number;
  readonly #who: K;
  #isWaiting = false;
  #reportedSteps = 0;

  constructor(watch: StallWatch<K>, ms: number, who: K) {
    this.#watch = watch;
    this.#ms = ms;
    this.#who = who;
  }

  /** Reports what has changed. In real time, steps are not reported: the watch reads their count. */
  update(isWaiting: boolean): void {
    if (isWaiting !== this.#isWaiting || (isWaiting && this.#watch.isExact)) this.#report(isWaiting, this.#who.steps);
  }

  #report(isWaiting: boolean, steps: number): void {
    if (isWaiting === this.#isWaiting && steps === this.#reportedSteps) return;
    this.#isWaiting = isWaiting;
    this.#reportedSteps = steps;
    if (isWaiting) this.#watch.startWait(this.#who, this.#ms);
    else this.#watch.endWait(this.#who);
  }

  /** `who` never waits again. */
  end(): void {
    this.#watch.leave(this.#who);
  }
}
