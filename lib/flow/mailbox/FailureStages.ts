import { Observable } from 'rxjs';
import { OnFailureError } from '../contract/OnFailureError.js';
import { OptionError } from '../contract/OptionError.js';
import type { Signal } from '../contract/Signal.js';
import type { FailureHandling, HandlingOf } from './FailureHandling.js';
import type { DeliveryPhase } from './DeliveryPhase.js';
import type { MailboxOwner } from './MailboxOwner.js';
import type { Measure } from './Measure.js';
import type { Outcome } from './Outcome.js';
import { ignoreOutcome, isWork, workOf } from './Work.js';

/** The part of `InHand` that a stage changes when it ends. */
interface StagedSlot {
  phase: DeliveryPhase;
  outcome: Outcome | undefined;
  error: unknown;
  tries: number;
  readonly isCancelled: boolean;
}

/** How a stage ended. */
interface StageEnd {
  /** The outcome of the delivery; `undefined` if another stage begins. */
  readonly outcome: Outcome | undefined;
  readonly error: unknown;
  /** The number of attempts of the delivery itself. */
  readonly tries: number;
}

const NEXT: StageEnd = { outcome: undefined, error: undefined, tries: 0 };

/**
 * The stages of each delivery in one slot, if `onFailure` is a function or `park`.
 *
 *     before ──► tries ──delivered──► ended
 *       │          └───failed───► taking ──► taken, or failed with both errors
 *       └──► taken
 *
 * Each stage has its own attempts: `retry` and `failAfter` apply to each of them.
 */
export class FailureStages<U, E> {
  readonly #slot: StagedSlot;
  readonly #owner: MailboxOwner<U, E>;
  readonly #handling: FailureHandling<E>;
  readonly #measure: Measure<U, E>;
  #stage: 'before' | 'tries' | 'taking' = 'tries';
  /** What `before` answered. */
  #isTaken = false;
  #refused: { readonly error: unknown } | undefined;
  #hasAsked = false;
  #hasFailed = false;
  #error: unknown;
  #tries = 0;

  constructor(slot: StagedSlot, owner: MailboxOwner<U, E>, handling: HandlingOf<E>, measure: Measure<U, E>) {
    this.#slot = slot;
    this.#owner = owner;
    this.#handling = handling(owner);
    this.#measure = measure;
  }

  /** Whether the current stage is the delivery itself. */
  get isTrying(): boolean {
    return this.#stage === 'tries';
  }

  /** A delivery begins. `isSound: false`: it has failed already, so it is not attempted. */
  begin(isSound: boolean): void {
    this.#stage = isSound && this.#handling.before !== undefined ? 'before' : 'tries';
    this.#hasAsked = false;
    this.#hasFailed = false;
    this.#error = undefined;
    this.#tries = 0;
  }

  /** Makes an attempt of the current stage. Returns its work, if there is any. */
  start(unit: U, signal: Signal | undefined): unknown {
    if (this.#stage === 'tries') return this.#owner.start(unit, signal);
    this.#isTaken = false;
    this.#refused = undefined;
    const isFirst = !this.#hasAsked;
    this.#hasAsked = true;
    let answer: unknown;
    try {
      answer = this.#call(this.#measure.events(unit));
      if (isWork(answer)) return this.#awaited(answer);
    } catch (error) {
      if (!this.#refuses(error)) throw error;
      return undefined;
    }
    this.#isTaken = answer === true;
    // `before` answered `false` synchronously at its first attempt: the delivery is attempted in the same call
    const mayTry = this.#stage === 'before' && answer === false && isFirst;
    // the parking that was asked may have closed it
    if (!mayTry || this.#slot.isCancelled) return undefined;
    this.#stage = 'tries';
    this.#owner.tap?.began(unit, 1);
    return this.#owner.start(unit, signal);
  }

  #call(events: readonly E[]): unknown {
    return this.#stage === 'before' ? this.#handling.before?.(events) : this.#handling.take(events, this.#error);
  }

  #awaited(work: object): Observable<never> | undefined {
    if (this.#slot.isCancelled) {
      ignoreOutcome(work);
      return undefined;
    }
    // unlike `catchError`, this does not take an error of a teardown for one of the work
    return new Observable(subscriber =>
      workOf(work).subscribe({
        next: answer => {
          this.#isTaken = answer === true;
        },
        error: (error: unknown) => {
          if (this.#refuses(error)) subscriber.complete();
          else subscriber.error(error);
        },
        complete: () => subscriber.complete(),
      }),
    );
  }

  /** Whether the stage ends with this error, because another attempt would not help. */
  #refuses(error: unknown): boolean {
    if (this.#handling.isFinal?.(error) !== true) return false;
    this.#refused = { error };
    return true;
  }

  /** A stage has ended, after its retries. Returns whether another stage begins; if not, the delivery has ended. */
  end(): boolean {
    const slot = this.#slot;
    if (slot.isCancelled) {
      // nobody takes it any more, and it does not stop those who would go on
      if (this.isTrying && slot.outcome === 'failed') this.#fails(slot.error, slot.tries);
      if (!this.isTrying || slot.outcome === 'failed') slot.outcome = 'cut';
      return false;
    }
    // set before user code is called: if that closes the mailbox, the delivery is cut off
    slot.phase = 'delaying';
    const end = this.#ended(slot.outcome!, slot.error, slot.tries);
    // TypeScript assumes that `isCancelled` is still `false`, but user code may have closed the mailbox
    if ((slot as { readonly isCancelled: boolean }).isCancelled) return false;
    slot.outcome = end.outcome;
    slot.error = end.error;
    slot.tries = end.tries;
    slot.phase = end.outcome === undefined ? 'ready' : 'ended';
    return end.outcome === undefined;
  }

  #ended(outcome: Outcome, error: unknown, tries: number): StageEnd {
    if (this.#stage === 'tries') {
      if (outcome !== 'failed') return { outcome, error, tries };
      this.#fails(error, tries);
      try {
        if (!this.#takes(error)) return this.#failed(error);
      } catch (cause) {
        return this.#failed(new OnFailureError(this.#owner.who.name, error, cause));
      }
      this.#stage = 'taking';
      return NEXT;
    }
    const refused = outcome === 'failed' ? { error } : this.#refused;
    if (refused !== undefined)
      return this.#failed(new OnFailureError(this.#owner.who.name, this.#error, refused.error, this.#hasFailed));
    if (this.#stage === 'taking') return { outcome: 'taken', error: this.#error, tries: this.#tries };
    if (this.#isTaken) return { outcome: 'untried', error: undefined, tries: 0 };
    this.#stage = 'tries';
    return NEXT;
  }

  /** Reports a counted delivery that was taken, or was cut off before that. */
  report(events: readonly E[], isTaken: boolean): void {
    const hasFailed = this.#hasFailed;
    if (hasFailed) this.#owner.failed(events, this.#error, this.#tries, true);
    if (isTaken) this.#handling.taken?.(events, hasFailed);
  }

  /** The delivery itself has failed for good. */
  #fails(error: unknown, tries: number): void {
    this.#hasFailed = true;
    this.#error = error;
    this.#tries = tries;
  }

  #failed(error: unknown): StageEnd {
    return { outcome: 'failed', error, tries: this.#tries };
  }

  #takes(error: unknown): boolean {
    const takes: unknown = this.#handling.only?.(error) ?? true;
    if (typeof takes === 'boolean') return takes;
    ignoreOutcome(takes);
    throw new OptionError('only', 'a function that returns true or false', takes);
  }
}
