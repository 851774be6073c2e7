import type { SchedulerLike } from 'rxjs';
import { Awaiting, type Awaiter } from './Awaiting.js';
import type { Move } from './followWork.js';
import type { DeliveryPhase } from './DeliveryPhase.js';
import { FailureStages } from './FailureStages.js';
import type { MailboxOwner } from './MailboxOwner.js';
import type { MailboxSettings } from './MailboxSettings.js';
import type { FirstTry, Outcome } from './Outcome.js';
import { delayOf, mayRetry } from './retryInPlace.js';
import type { Size } from './Size.js';
import type { SlotMailbox } from './SlotMailbox.js';
import { ignoreOutcome, isPromise, isWork } from './Work.js';

/**
 * The slot for the delivery that a mailbox has in hand, from its first attempt to its end.
 *
 * All deliveries share one slot: an object and closures for each would cost a third of the throughput. After `cancel`,
 * all results are ignored.
 */
export class InHand<U, E> implements Awaiter {
  phase: DeliveryPhase = 'idle';
  /** The unit that is delivered. When it has been counted, `unit` is `undefined`, and `events` and `bytes` are 0. */
  unit: U | undefined;
  events = 0;
  bytes = 0;
  /** Attempts made, including the current one. */
  tries = 0;
  /** Retries made in the current stage. */
  retries = 0;
  /** How the delivery ended; `undefined` if it has been counted already. */
  outcome: Outcome | undefined;
  error: unknown;
  /** Changes with each attempt of each delivery. */
  steps = 0;
  /** Whether results are ignored. */
  isCancelled = false;
  /** The stages of a delivery, if `onFailure` is a function or `park`. */
  readonly stages: FailureStages<U, E> | undefined;
  readonly #settings: MailboxSettings<U, E>;
  readonly #owner: MailboxOwner<U, E>;
  readonly #mailbox: SlotMailbox;
  readonly #needsValues: boolean;
  readonly #awaiting = new Awaiting(this);

  constructor(settings: MailboxSettings<U, E>, owner: MailboxOwner<U, E>, mailbox: SlotMailbox) {
    this.#settings = settings;
    this.#owner = owner;
    this.#mailbox = mailbox;
    this.#needsValues = owner.emitted !== undefined || settings.retry?.resetOnSuccess === true;
    this.stages = settings.failure && new FailureStages(this, owner, settings.failure, settings.measure);
  }

  take(unit: U, events: number, size: Size): void {
    this.unit = unit;
    this.events = events;
    this.tries = 0;
    this.retries = 0;
    this.stages?.begin(typeof size === 'number');
    if (typeof size === 'number') {
      this.bytes = size;
      this.phase = 'ready';
    } else this.#end('failed', size.error);
  }

  /** Takes a unit of a direct mailbox, and makes its first attempt at once. */
  begin(unit: U, events: number): void {
    this.unit = unit;
    this.events = events;
    this.tries = 1;
    this.retries = 0;
    this.#call();
  }

  /** The delivery has ended and is counted: the slot is free. */
  free(): void {
    this.phase = 'idle';
    this.outcome = undefined;
    this.error = undefined;
  }

  /** Makes an attempt. */
  try(): void {
    this.tries++;
    if (this.#settings.observeOn === undefined) this.#call();
    else this.#schedule(this.#settings.observeOn);
  }

  #schedule(observeOn: SchedulerLike): void {
    this.phase = 'scheduled';
    const call = (): void => this.go(() => this.#call());
    this.#awaiting.turn(observeOn, call, error => this.#tryFailed(error));
  }

  /** Continues after a first attempt that was made elsewhere. */
  continue(first: FirstTry): void {
    this.tries = 1;
    try {
      if ('error' in first) throw first.error;
      if (this.isCancelled) ignoreOutcome(first.work);
      else this.#await(first.work);
    } catch (error) {
      this.#tryFailed(error);
    }
  }

  /** Ignores all results from now on. Returns `false` if the handler is on the stack: it is counted when it returns. */
  cancel(): boolean {
    this.isCancelled = true;
    if (this.phase === 'calling') return false;
    this.phase = 'idle';
    return true;
  }

  /** Unsubscribes from the work, and aborts its signal. */
  release(reason?: unknown): void {
    this.#awaiting.leave(reason);
  }

  /** Cuts off the attempt if its work is still running: it took too long. */
  cutOff(error: unknown): void {
    if (this.phase !== 'working') return;
    this.release(error);
    this.rejected(error);
  }

  #call(): void {
    this.phase = 'calling';
    this.steps++;
    if (this.#owner.tap !== undefined && this.#isTrying) this.#owner.tap.began(this.unit as U, this.tries);
    try {
      const signal = this.#settings.abortable === true ? this.#awaiting.signal() : undefined;
      const result = (this.stages ?? this.#owner).start(this.unit as U, signal);
      // first the getter of the result's `then`, which may close the mailbox
      if (isPromise(result) && !this.isCancelled) {
        this.phase = 'working';
        this.#awaiting.promise(result);
      } else this.#returned(result);
    } catch (error) {
      this.#tryFailed(error);
    }
  }

  /** A result that is no Promise, or comes after the mailbox was closed. */
  #returned(result: unknown): void {
    if (result === undefined || !isWork(result)) this.#end('delivered');
    else if (this.isCancelled) {
      ignoreOutcome(result);
      this.#end('cut');
    } else this.#await(result);
  }

  #await(work: object): void {
    this.phase = 'working';
    this.#awaiting.work(work);
  }

  #tryFailed(error: unknown): void {
    // already counted: the mailbox was closed by user code that then threw, or by a teardown in `cutOff`
    if (this.phase === 'idle') return;
    if (this.#mayRetry) this.#retry(error);
    else this.#end('failed', error);
  }

  /** Whether an attempt calls the handler, not the failure handling. */
  get #isTrying(): boolean {
    return this.stages?.isTrying !== false;
  }

  get #mayRetry(): boolean {
    return !this.isCancelled && mayRetry(this.#settings.retry, this.retries);
  }

  #retry(error: unknown): void {
    const { retry = {}, scheduler } = this.#settings;
    // set before the user's `delay` is called: if that closes the mailbox, the delivery is cut off
    this.phase = 'delaying';
    if (this.#isTrying) this.#owner.tap?.retrying(this.unit as U, this.tries, error);
    this.#awaiting.end();
    const delay = (): ReturnType<typeof delayOf> => delayOf(retry, scheduler, error, ++this.retries);
    this.#awaiting.delay(delay, (outcome, failure) => {
      if (outcome === undefined) this.phase = 'ready';
      else this.#end(this.#isTrying ? outcome : 'failed', outcome === 'failed' ? failure : error);
    });
  }

  #end(outcome: Outcome, error?: unknown): void {
    this.#awaiting.end();
    this.phase = 'ended';
    this.outcome = outcome;
    this.error = error;
    this.stages?.end();
  }

  // ── results of what it awaits ──

  fulfilled(value: unknown): void {
    this.phase = 'ending';
    if (this.#needsValues) this.emitted(value);
    if (this.isCancelled) return;
    if (this.#mailbox.succeeded !== undefined) this.#mailbox.succeeded();
    else {
      this.#end('delivered');
      this.#mailbox.advance();
    }
  }

  rejected(error: unknown): void {
    this.#tryFailed(error);
    this.#mailbox.advance();
  }

  emitted(value: unknown): void {
    if (this.#settings.retry?.resetOnSuccess === true) this.retries = 0;
    this.#owner.emitted?.(value);
  }

  failed(error: unknown): Move {
    if (!this.isCancelled) this.phase = 'ending';
    if (!this.#mayRetry) this.stages?.failing(error);
    if (this.#mayRetry || this.stages !== undefined) return () => this.#tryFailed(error);
    // counted and reported before the teardown runs
    if (!this.isCancelled) {
      this.#awaiting.end();
      this.#mailbox.failed(error);
    }
    return () => {
      this.phase = 'ended';
    };
  }

  completed(): Move {
    if (!this.isCancelled) this.phase = 'ending';
    return () => this.#end('delivered');
  }

  threw(error: unknown): void {
    this.#owner.threw(error);
  }

  go(move: Move): void {
    if (this.isCancelled) return;
    move();
    this.#mailbox.advance();
  }
}
