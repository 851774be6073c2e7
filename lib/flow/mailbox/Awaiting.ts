import { Subscription, take, type Observable } from 'rxjs';
import { followWork, type Following, type Move } from './followWork.js';
import type { Signal } from '../contract/Signal.js';
import type { Outcome } from './Outcome.js';
import { ignoreOutcome, isPromise, workOf } from './Work.js';

/** Who awaits something. */
export interface Awaiter extends Following {
  /** Nothing is awaited any more. */
  readonly isCancelled: boolean;
  /** A Promise was fulfilled, or rejected. */
  fulfilled(value: unknown): void;
  rejected(error: unknown): void;
  /** Makes the move that follows, unless it was cancelled. */
  go(move: Move): void;
}

/**
 * What a delivery in hand waits for: that it is called, its work, or the delay before its next try. One thing at a time, and
 * nothing of what was left is heard.
 */
export class Awaiting {
  readonly #awaiter: Awaiter;
  #held: Subscription | undefined;
  /** Aborts the signal of the try, if its handler has one. */
  #abort: AbortController | undefined;
  #promises: PromiseCallbacks;

  constructor(awaiter: Awaiter) {
    this.#awaiter = awaiter;
    this.#promises = callbacksFor(awaiter);
  }

  hold(held: Subscription): void {
    this.#held = held;
  }

  /** Waits for work. Throws what a getter of it throws. */
  work(work: object): void {
    if (isPromise(work)) {
      void work.then(this.#promises.fulfilled, this.#promises.rejected);
      return;
    }
    const work$ = workOf(work);
    // a getter of the work may have closed the mailbox
    if (this.#awaiter.isCancelled) ignoreOutcome(work);
    else this.#follow(work$, this.#awaiter);
  }

  /**
   * Waits for the first value, or the end, of what delays a try. `over` gets the outcome of the delivery; `undefined`: it is
   * tried again.
   */
  delay(delay$: Observable<unknown>, over: (outcome: Outcome | undefined, error?: unknown) => void): void {
    let outcome: Outcome | undefined = 'delivered';
    this.#follow(delay$.pipe(take(1)), {
      emitted: () => {
        outcome = undefined;
      },
      failed: error => () => over('failed', error),
      completed: () => () => over(outcome),
      threw: error => this.#awaiter.threw(error),
    });
  }

  /** The signal of a try. */
  signal(): Signal {
    this.#abort = new AbortController();
    return this.#abort.signal;
  }

  /** It has ended by itself. */
  end(): void {
    this.#held = undefined;
    this.#abort = undefined;
  }

  /** Leaves what is awaited: releases what it holds, and aborts the signal. The result of a Promise is not heard any more. */
  leave(reason: unknown): void {
    const held = this.#held;
    const abort = this.#abort;
    this.end();
    this.#promises.isLeft = true;
    this.#promises = callbacksFor(this.#awaiter);
    try {
      held?.unsubscribe();
    } catch (error) {
      // the action of a scheduler of the user's
      this.#awaiter.threw(error);
    }
    abort?.abort(reason);
  }

  #follow(source$: Observable<unknown>, following: Following): void {
    const owner = new Subscription();
    this.#held = owner;
    followWork(owner, source$, following, move => this.#awaiter.go(move));
  }
}

interface PromiseCallbacks {
  readonly fulfilled: (value: unknown) => void;
  readonly rejected: (error: unknown) => void;
  isLeft: boolean;
}

/** One pair for all Promises up to the first that is left: closures for each would cost a third of the rate. */
const callbacksFor = (awaiter: Awaiter): PromiseCallbacks => {
  const callbacks: PromiseCallbacks = {
    isLeft: false,
    fulfilled: value => {
      if (!callbacks.isLeft) awaiter.fulfilled(value);
    },
    rejected: error => {
      if (!callbacks.isLeft) awaiter.rejected(error);
    },
  };
  return callbacks;
};
