import type { MailboxWatch, Watched } from './mailboxWatch.js';

/** What a mailbox reports to the stall watch: that it waits, that it has made a step, that it waits no more. */
export class StallReport {
  /** Changes when a delivery begins or ends. */
  steps = 0;
  readonly #watch: MailboxWatch;
  readonly #stallAfter: number;
  readonly #who: Watched;
  #isWaiting = false;
  #reportedSteps = 0;

  constructor(watch: MailboxWatch, stallAfter: number, who: Watched) {
    this.#watch = watch;
    this.#stallAfter = stallAfter;
    this.#who = who;
  }

  /** Reports what has changed. In real time steps are only counted: the watch looks at them. */
  update(isWaiting: boolean): void {
    const isStep = isWaiting && this.#watch.isExact && this.steps !== this.#reportedSteps;
    if (isWaiting === this.#isWaiting && !isStep) return;
    this.#isWaiting = isWaiting;
    this.#reportedSteps = this.steps;
    if (isWaiting) this.#watch.startWait(this.#who, this.#stallAfter);
    else this.#watch.endWait(this.#who);
  }

  end(): void {
    this.#watch.endWait(this.#who);
  }
}
