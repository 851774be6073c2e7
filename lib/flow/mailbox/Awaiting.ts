import { Subscription, take, type Observable, type SchedulerLike } from 'rxjs';
import { followWork, type Following, type Move } from './followWork.js';
import type { Signal } from '../contract/Signal.js';
import type { Outcome } from './Outcome.js';
import { ignoreOutcome, isPromise, workOf } from './Work.js';

/** The owner of an `Awaiting`: gets the results. */
export interface Awaiter extends Following {
  /** Whether the delivery was cancelled. */
  readonly isCancelled: boolean;
  fulfilled(value: unknown): void;
  rejected(error: unknown): void;
  /** Makes the move that follows, unless the delivery was cancelled. */
  go(move: Move): void;
}

type DelayOver = (outcome: Outcome | undefined, error?: unknown) => void;

/**
 * What a delivery in flight waits for: its scheduled call, its work, or the delay before its next attempt. It waits for one
 * of them at a time. Results of an abandoned one are ignored.
 */
export class Awaiting {
  readonly #awaiter: Awaiter;
  #held: Subscription | undefined;
  /** Aborts the signal of the attempt, if the handler gets one. */
  #abort: AbortController | undefined;
  #promises: PromiseCallbacks;

  constructor(awaiter: Awaiter) {
    this.#awaiter = awaiter;
    this.#promises = callbacksFor(awaiter);
  }

  /** Waits for `scheduler` to call. `failed` gets what the scheduler throws instead. */
  turn(scheduler: SchedulerLike, call: () => void, failed: (error: unknown) => void): void {
    let isWaiting = true;
    try {
      const action = scheduler.schedule(() => {
        if (!isWaiting || this.#awaiter.isCancelled) return;
        isWaiting = false;
        call();
      });
      // the scheduler may have called already
      if (isWaiting as boolean) this.#held = action;
    } catch (error) {
      const isOwn = isWaiting && !this.#awaiter.isCancelled;
      isWaiting = false;
      if (isOwn) failed(error);
      // after the call, this is the error of another action
      else this.#awaiter.threw(error);
    }
  }

  /** Waits for a Promise with the platform's `then`. It is not read again: a getter might give another one, or cut this off. */
  promise(work: Promise<unknown>): void {
    const { fulfilled, rejected } = this.#promises;
    void Promise.prototype.then.call(work, fulfilled, rejected);
  }

  /** Waits for any work. Throws what a getter of `work` throws. */
  work(work: object): void {
    if (isPromise(work)) this.promise(work);
    else this.#other(work);
  }

  #other(work: object): void {
    const work$ = workOf(work);
    // a getter of the work may have closed the mailbox
    if (this.#awaiter.isCancelled) ignoreOutcome(work);
    else this.#follow(work$, this.#awaiter);
  }

  /**
   * Waits for the first value or the end of the Observable that `open` returns, or for nothing. `over` gets `undefined` for
   * another attempt; otherwise the outcome that ends the delivery.
   */
  delay(open: () => Observable<unknown> | undefined, over: DelayOver): void {
    let delay$: Observable<unknown> | undefined;
    try {
      delay$ = open();
    } catch (error) {
      if (!this.#awaiter.isCancelled) over('failed', error);
      return;
    }
    if (this.#awaiter.isCancelled) return;
    if (delay$ === undefined) over(undefined);
    else this.#delay(delay$, over);
  }

  #delay(delay$: Observable<unknown>, over: DelayOver): void {
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

  /** Makes the signal of an attempt. */
  signal(): Signal {
    this.#abort = new AbortController();
    return this.#abort.signal;
  }

  /** What it waited for has ended by itself. */
  end(): void {
    this.#held = undefined;
    this.#abort = undefined;
  }

  /** Abandons what it waits for: unsubscribes, aborts the signal, and ignores the later result of a Promise. */
  leave(reason: unknown): void {
    const held = this.#held;
    const abort = this.#abort;
    this.end();
    this.#promises.isLeft = true;
    this.#promises = callbacksFor(this.#awaiter);
    try {
      held?.unsubscribe();
    } catch (error) {
      // cancelling the action of a user's scheduler threw
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

/** One pair of callbacks for all Promises until one is abandoned: a pair per Promise would cost a third of the throughput. */
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
