import { Awaiting, type Awaiter } from './Awaiting.js';
import type { Move } from './followWork.js';
import type { DeliveryPhase } from './DeliveryPhase.js';
import { FailureStages } from './FailureStages.js';
import type { MailboxOwner } from './MailboxOwner.js';
import type { MailboxSettings } from './MailboxSettings.js';
import type { FirstTry, Outcome } from './Outcome.js';
import { delayOf, mayRetry } from './retryInPlace.js';
import type { Size } from './Size.js';
import { ignoreOutcome, isWork } from './Work.js';

/**
 * The slot for the delivery that a mailbox has in hand.
 *
 * It is used again for one delivery after the other: an object and closures for each would cost a third of the rate.
 * Once it is cancelled nothing that its callbacks report is heard.
 */
export class InHand<U, E> implements Awaiter {
  phase: DeliveryPhase = 'idle';
  /** What is delivered; `undefined` and 0 once it is counted. */
  unit: U | undefined;
  events = 0;
  bytes = 0;
  /** How many tries were made, including this one. */
  tries = 0;
  /** How it ended; `undefined` if it is counted already. */
  outcome: Outcome | undefined;
  error: unknown;
  /** Changes with each try of each delivery. */
  steps = 0;
  /** Nothing that its callbacks report is heard. */
  isCancelled = false;
  /** What a delivery goes through, if `onFailure` takes what fails. */
  readonly stages: FailureStages<U, E> | undefined;
  readonly #settings: MailboxSettings<U, E>;
  readonly #owner: MailboxOwner<U, E>;
  readonly #failed: (error: unknown) => void;
  readonly #advance: () => void;
  readonly #awaiting = new Awaiting(this);
  #retries = 0;

  /** `failed` counts a failure before the teardown of its work runs. `advance` goes on, as far as it may now. */
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
    this.stages = settings.failure && new FailureStages(this, owner, settings.failure, settings.measure);
  }

  take(unit: U, events: number, size: Size): void {
    this.unit = unit;
    this.events = events;
    this.tries = 0;
    this.#retries = 0;
    this.stages?.begin(typeof size === 'number');
    if (typeof size === 'number') {
      this.bytes = size;
      this.phase = 'ready';
    } else this.#end('failed', size.error);
  }

  /** It has ended and is counted: the next one may be taken. */
  free(): void {
    this.phase = 'idle';
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
    this.phase = 'scheduled';
    try {
      const action = observeOn.schedule(() => {
        if (this.phase !== 'scheduled' || this.isCancelled) return;
        this.#call();
        this.#advance();
      });
      if (this.phase === 'scheduled') this.#awaiting.hold(action);
    } catch (error) {
      // a scheduler that calls inside `schedule` may throw the error of another action after that
      if (this.phase === 'scheduled') this.#tryFailed(error);
      else this.#owner.threw(error);
    }
  }

  /** Goes on from a first try. */
  continue(first: FirstTry): void {
    this.tries = 1;
    if (this.isCancelled) {
      if ('work' in first) ignoreOutcome(first.work);
    } else if ('work' in first) this.#await(first.work);
    else this.#tryFailed(first.error);
  }

  /** Nothing that it reports is heard from now on. A call on the stack goes on: `false`, and it is counted when it returns. */
  cancel(): boolean {
    this.isCancelled = true;
    if (this.phase === 'calling') return false;
    this.phase = 'idle';
    return true;
  }

  /** Releases what it holds, and aborts its signal. */
  release(reason?: unknown): void {
    this.#awaiting.leave(reason);
  }

  /** Cuts off the try, if its work runs: it took too long. */
  cutOff(error: unknown): void {
    if (this.phase !== 'working') return;
    this.release(error);
    this.#tryFailed(error);
    this.#advance();
  }

  #call(): void {
    this.phase = 'calling';
    this.steps++;
    if (this.#isTrying) this.#owner.tap?.began(this.unit as U, this.tries);
    let result: unknown;
    let hasWork: boolean;
    try {
      const signal = this.#settings.abortable === true ? this.#awaiting.signal() : undefined;
      result = (this.stages ?? this.#owner).start(this.unit as U, signal);
      hasWork = result !== undefined && isWork(result);
    } catch (error) {
      this.#tryFailed(error);
      return;
    }
    if (!hasWork) this.#end('delivered');
    else if (!this.isCancelled) this.#await(result as object);
    else {
      ignoreOutcome(result);
      this.#end('cut');
    }
  }

  #await(work: object): void {
    this.phase = 'working';
    try {
      this.#awaiting.work(work);
    } catch (error) {
      this.#tryFailed(error);
    }
  }

  #tryFailed(error: unknown): void {
    // closed by user code that then threw, or that was called because it took too long: it is counted
    if (this.phase === 'idle') return;
    if (this.#mayRetry) this.#retry(error);
    else this.#end('failed', error);
  }

  /** Its handler is called, and not what handles failures. */
  get #isTrying(): boolean {
    return this.stages?.isTrying !== false;
  }

  get #mayRetry(): boolean {
    return !this.isCancelled && mayRetry(this.#settings.retry, this.#retries);
  }

  #retry(error: unknown): void {
    const { retry = {}, scheduler } = this.#settings;
    // before the user's `delay` is called: one that closes cuts the delivery off
    this.phase = 'delaying';
    if (this.#isTrying) this.#owner.tap?.retrying(this.unit as U, this.tries, error);
    this.#awaiting.end();
    let delay$: ReturnType<typeof delayOf>;
    try {
      delay$ = delayOf(retry, scheduler, error, ++this.#retries);
    } catch (failure) {
      if (!this.isCancelled) this.#end('failed', failure);
      return;
    }
    if (this.isCancelled) return;
    if (delay$ === undefined) this.phase = 'ready';
    else
      this.#awaiting.delay(delay$, (outcome, failure = error) => {
        if (outcome === undefined) this.phase = 'ready';
        else this.#end(this.#isTrying ? outcome : 'failed', failure);
      });
  }

  #end(outcome: Outcome, error?: unknown): void {
    this.#awaiting.end();
    this.phase = 'ended';
    this.outcome = outcome;
    this.error = error;
    if (this.stages?.end() === true) this.#retries = 0;
  }

  // ── what it awaits ──

  fulfilled(value: unknown): void {
    this.emitted(value);
    if (this.isCancelled) return;
    this.#end('delivered');
    this.#advance();
  }

  rejected(error: unknown): void {
    this.#tryFailed(error);
    this.#advance();
  }

  emitted(value: unknown): void {
    if (this.#settings.retry?.resetOnSuccess === true) this.#retries = 0;
    this.#owner.emitted?.(value);
  }

  failed(error: unknown): Move {
    if (this.#mayRetry || this.stages !== undefined) return () => this.#tryFailed(error);
    // reported immediately, before the teardown runs
    if (!this.isCancelled) {
      this.phase = 'ending';
      this.#awaiting.end();
      this.#failed(error);
    }
    return () => {
      this.phase = 'ended';
    };
  }

  completed(): Move {
    return () => this.#end('delivered');
  }

  threw(error: unknown): void {
    this.#owner.threw(error);
  }

  go(move: Move): void {
    if (this.isCancelled) return;
    move();
    this.#advance();
  }
}
