import { Subscription, type Observable } from 'rxjs';
import { subscribeOwned } from '../subscribeOwned.js';
import { followWork, type Move } from './followWork.js';
import type { DeliveryPhase } from './DeliveryPhase.js';
import type { MailboxOwner } from './MailboxOwner.js';
import type { MailboxSettings } from './MailboxSettings.js';
import { delayOf, mayRetry } from './retryInPlace.js';
import { ignoreOutcome, isPromise, isWork, workOf } from './Work.js';

/** How a first try went that was made elsewhere. */
export type FirstTry = { readonly work: object } | { readonly error: unknown };

/** How a delivery went. `cut`: it was closed from inside its own call, and the work that it left was not begun. */
export type Outcome = 'delivered' | 'failed' | 'cut';

/**
 * The slot for the delivery that a mailbox has in hand.
 *
 * It is used again for one delivery after the other: an object and closures for each would cost a third of the rate.
 * Once it is cancelled nothing that its callbacks report is heard.
 */
export class InHand<U, E> {
  /** What is delivered; `undefined` and 0 once it is counted. */
  unit: U | undefined;
  events = 0;
  /** How many tries were made, including this one. */
  tries = 0;
  /** How it ended; `undefined` if it is counted already. */
  outcome: Outcome | undefined;
  error: unknown;
  readonly #settings: MailboxSettings<U, E>;
  readonly #owner: MailboxOwner<U, E>;
  readonly #failed: (error: unknown) => void;
  readonly #advance: () => void;
  #phase: DeliveryPhase = 'idle';
  #retries = 0;
  #isCancelled = false;
  #work: Subscription | undefined;

  /**
   * @param failed - Counts a failure that is reported before the teardown of its work runs.
   * @param advance - Goes on, as far as it may now.
   */
  constructor(
    settings: MailboxSettings<U, E>,
    owner: MailboxOwner<U, E>,
    failed: (error: unknown) => void,
    advance: () => void,
  ) {
    this.#settings = settings;
    this.#owner = owner;
    this.#failed = failed;
    this.#advance = advance;
  }

  get phase(): DeliveryPhase {
    return this.#phase;
  }

  take(unit: U, events: number): void {
    this.#phase = 'ready';
    this.unit = unit;
    this.events = events;
    this.tries = 0;
    this.#retries = 0;
  }

  /** It has ended and is counted: the next one may be taken. */
  free(): void {
    this.#phase = 'idle';
    this.outcome = undefined;
    this.error = undefined;
  }

  /** Makes a try. */
  try(): void {
    const { observeOn } = this.#settings;
    this.tries++;
    if (observeOn === undefined) {
      this.#call();
      return;
    }
    this.#phase = 'scheduled';
    try {
      const action = observeOn.schedule(() => {
        if (this.#phase !== 'scheduled' || this.#isCancelled) return;
        this.#call();
        this.#advance();
      });
      if (this.#phase === 'scheduled') this.#work = action;
    } catch (error) {
      // a scheduler that calls inside `schedule` may throw the error of another action after that
      if (this.#phase === 'scheduled') this.#tryFailed(error);
      else this.#owner.threw(error);
    }
  }

  /** Goes on from a first try. */
  continue(first: FirstTry): void {
    this.tries = 1;
    if (this.#isCancelled) {
      if ('work' in first) ignoreOutcome(first.work);
    } else if ('work' in first) this.#await(first.work);
    else this.#tryFailed(first.error);
  }

  /** Nothing that it reports is heard from now on. A call on the stack goes on: `false`, and it is counted when it returns. */
  cancel(): boolean {
    this.#isCancelled = true;
    if (this.#phase === 'calling') return false;
    this.#phase = 'idle';
    return true;
  }

  /** Releases what it held. */
  release(): void {
    const work = this.#work;
    this.#work = undefined;
    try {
      work?.unsubscribe();
    } catch (error) {
      // the action of a scheduler of the user's
      this.#owner.threw(error);
    }
  }

  #call(): void {
    this.#phase = 'calling';
    let result: unknown;
    let hasWork: boolean;
    try {
      result = this.#owner.start(this.unit as U);
      hasWork = result !== undefined && isWork(result);
    } catch (error) {
      this.#tryFailed(error);
      return;
    }
    if (!hasWork) this.#end('delivered');
    else if (!this.#isCancelled) this.#await(result as object);
    else {
      ignoreOutcome(result);
      this.#end('cut');
    }
  }

  #await(work: object): void {
    this.#phase = 'working';
    let work$: Observable<unknown>;
    try {
      if (isPromise(work)) {
        void work.then(this.#fulfilled, this.#rejected);
        return;
      }
      work$ = workOf(work);
    } catch (error) {
      this.#tryFailed(error);
      return;
    }
    // a getter of the work may have closed the mailbox
    if (this.#isCancelled) ignoreOutcome(work);
    else this.#follow(work$);
  }

  // shared by all deliveries of the slot
  readonly #fulfilled = (value: unknown): void => {
    if (this.#isCancelled) return;
    this.#emitted(value);
    if (this.#isCancelled) return;
    this.#end('delivered');
    this.#advance();
  };

  readonly #rejected = (error: unknown): void => {
    if (this.#isCancelled) return;
    this.#tryFailed(error);
    this.#advance();
  };

  #follow(work$: Observable<unknown>): void {
    this.#work = new Subscription();
    followWork(
      this.#work,
      work$,
      {
        emitted: value => this.#emitted(value),
        failed: error => this.#workFailed(error),
        completed: () => () => this.#end('delivered'),
        threw: error => this.#owner.threw(error),
      },
      move => {
        if (this.#isCancelled) return;
        move();
        this.#advance();
      },
    );
  }

  #workFailed(error: unknown): Move {
    if (this.#mayRetry) return () => this.#retry(error);
    // reported immediately, before the teardown runs
    if (!this.#isCancelled) {
      this.#phase = 'ending';
      this.#work = undefined;
      this.#failed(error);
    }
    return () => {
      this.#phase = 'ended';
    };
  }

  #emitted(value: unknown): void {
    if (this.#settings.retry?.resetOnSuccess === true) this.#retries = 0;
    this.#owner.emitted?.(value);
  }

  #tryFailed(error: unknown): void {
    // cut off by a getter of the work that closed the mailbox and then threw: it is counted
    if (this.#phase === 'idle') return;
    if (this.#mayRetry) this.#retry(error);
    else this.#end('failed', error);
  }

  get #mayRetry(): boolean {
    return !this.#isCancelled && mayRetry(this.#settings.retry, this.#retries);
  }

  #retry(error: unknown): void {
    const { retry = {}, scheduler } = this.#settings;
    // before the user's `delay` is called: one that closes cuts the delivery off
    this.#phase = 'delaying';
    let delay$: Observable<unknown> | undefined;
    try {
      delay$ = delayOf(retry, scheduler, error, ++this.#retries);
    } catch (failure) {
      if (!this.#isCancelled) this.#end('failed', failure);
      return;
    }
    if (this.#isCancelled) return;
    if (delay$ === undefined) this.#phase = 'ready';
    else this.#delay(delay$);
  }

  #delay(delay$: Observable<unknown>): void {
    const work = new Subscription();
    const over = (move: () => void): void => {
      if (this.#isCancelled || this.#phase !== 'delaying') return;
      work.unsubscribe();
      // its teardown may have closed the mailbox
      if (this.#isCancelled) return;
      move();
      this.#advance();
    };
    this.#work = work;
    const observer = {
      next: () => over(() => (this.#phase = 'ready')),
      error: (error: unknown) => over(() => this.#end('failed', error)),
      complete: () => over(() => this.#end('delivered')),
    };
    subscribeOwned(work, delay$, observer, error => this.#owner.threw(error));
  }

  #end(outcome: Outcome, error?: unknown): void {
    this.#work = undefined;
    this.#phase = 'ended';
    this.outcome = outcome;
    this.error = error;
  }
}
