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
  retries: number;
  readonly isCancelled: boolean;
}

/** How a delivery ended. */
interface DeliveryEnd {
  readonly outcome: Outcome;
  readonly error: unknown;
  /** The number of attempts of the delivery itself. */
  readonly tries: number;
}

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
  #stage!: 'before' | 'tries' | 'taking';
  /** What `before` answered. */
  #isTaken: boolean | undefined;
  #refused: { readonly error: unknown } | undefined;
  /** With what the delivery itself has failed for good. */
  #failure: { readonly error: unknown; readonly tries: number } | undefined;

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
    this.#failure = undefined;
  }

  /** Makes an attempt of the current stage. Returns its work, if there is any. */
  start(unit: U, signal: Signal | undefined): unknown {
    if (this.#stage === 'tries') return this.#owner.start(unit, signal);
    this.#refused = undefined;
    try {
      const answer = this.#call(this.#measure.events(unit));
      if (isWork(answer)) return this.#awaited(answer);
      this.#isTaken = answer === true;
    } catch (error) {
      if (!this.#refuses(error)) throw error;
    }
    return undefined;
  }

  #call(events: readonly E[]): unknown {
    return this.#stage === 'before'
      ? this.#handling.before!(events)
      : this.#handling.take(events, this.#failure!.error);
  }

  #awaited(work: object): Observable<never> | undefined {
    if (this.#slot.isCancelled) {
      ignoreOutcome(work);
      return undefined;
    }
    // unlike `catchError`, this does not take an error of a teardown for one of the work
    return new Observable(subscriber =>
      new Observable<unknown>(inner => {
        // also cuts off work that is synchronous
        subscriber.add(inner);
        return workOf(work).subscribe(inner);
      }).subscribe({
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
    try {
      if (this.#handling.isFinal?.(error) !== true) return false;
    } catch {
      // the error cannot be read
      return false;
    }
    this.#refused = { error };
    return true;
  }

  /** The last attempt of a stage has failed; the teardown of its work may still close the mailbox. */
  failing(error: unknown): void {
    if (this.isTrying && !this.#slot.isCancelled) this.#failure = { error, tries: this.#slot.tries };
  }

  /** A stage has ended, after its retries. Either another one begins, or the delivery has ended. */
  end(): void {
    const slot = this.#slot;
    if (slot.isCancelled) {
      // nobody takes it any more, and it does not stop those who would go on
      if (this.isTrying && slot.outcome === 'failed') this.#failure = { error: slot.error, tries: slot.tries };
      if (!this.isTrying || slot.outcome === 'failed') slot.outcome = 'cut';
      return;
    }
    // set before user code is called: if that closes the mailbox, the delivery is cut off
    slot.phase = 'delaying';
    const end = this.#ended(slot.outcome!, slot.error, slot.tries);
    // TypeScript assumes that `isCancelled` is still `false`, but user code may have closed the mailbox
    if ((slot as { readonly isCancelled: boolean }).isCancelled) return;
    slot.outcome = end?.outcome;
    slot.error = end?.error;
    slot.tries = end?.tries ?? 0;
    slot.retries = 0;
    slot.phase = end === undefined ? 'ready' : 'ended';
  }

  /** Returns how the delivery ended; `undefined` if another stage begins. */
  #ended(outcome: Outcome, error: unknown, tries: number): DeliveryEnd | undefined {
    if (this.#stage === 'tries') {
      if (outcome !== 'failed') return { outcome, error, tries };
      this.#failure = { error, tries };
      try {
        if (!this.#takes(error)) return this.#failed(error);
      } catch (cause) {
        return this.#failed(new OnFailureError(this.#owner.who.name, error, cause));
      }
      this.#stage = 'taking';
      return undefined;
    }
    const failure = this.#failure;
    const refused = outcome === 'failed' ? { error } : this.#refused;
    if (refused !== undefined)
      return this.#failed(
        new OnFailureError(this.#owner.who.name, failure?.error, refused.error, failure !== undefined),
      );
    if (failure !== undefined) return { outcome: 'taken', ...failure };
    if (this.#isTaken === true) return { outcome: 'untried', error: undefined, tries: 0 };
    this.#stage = 'tries';
    return undefined;
  }

  /** Reports a counted delivery that was taken, or was cut off before that. */
  report(events: readonly E[], isTaken: boolean): void {
    const failure = this.#failure;
    if (failure !== undefined) this.#owner.failed(events, failure.error, failure.tries, true);
    if (isTaken) this.#handling.taken?.(events, failure !== undefined);
  }

  #failed(error: unknown): DeliveryEnd {
    return { outcome: 'failed', error, tries: this.#failure?.tries ?? 0 };
  }

  #takes(error: unknown): boolean {
    const takes: unknown = this.#handling.only?.(error) ?? true;
    if (typeof takes === 'boolean') return takes;
    ignoreOutcome(takes);
    throw new OptionError('only', 'a function that returns true or false', takes);
  }
}
