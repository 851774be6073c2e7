import { Observable, Subscription, type Subscriber } from 'rxjs';
import type { Settlement } from '../flow/contract/Settlement.js';
import { askRest } from '../flow/settlement/askRest.js';
import { settledBy, type Given } from '../flow/settlement/settledBy.js';
import { subscribeOwned } from '../flow/subscribeOwned.js';

/** The round of a branch: gets its reports. */
export interface BranchOwner {
  /** The branch, which had settled `from` values, has settled more. */
  readonly settled: (from: number) => void;
  /** `isAtRest` of the branch may have changed. */
  readonly restChanged: () => void;
  /** The branch will settle nothing more, but has not left. */
  readonly failed: (branch: BranchSettlement) => void;
  /** The branch has left, and will settle nothing more. */
  readonly over: (branch: BranchSettlement) => void;
}

/**
 * Tracks which values one branch of a fan-out has settled.
 *
 * A branch may unsubscribe while its consumer still works on its last values, as downstream of `take`. So the settlement of
 * the consumer is followed beyond the subscription of the branch, until the values are settled or the settlement ends.
 */
export class BranchSettlement {
  readonly name: string;
  readonly settlement: Settlement | undefined;
  readonly #subscriber: Subscriber<never>;
  readonly #owner: BranchOwner;
  #given: Given<number> | undefined;
  /** Owns what follows the consumer. */
  #tracker: Subscriber<never> | undefined;
  #handed = 0;
  #settled = 0;
  #asking: Subscription | undefined;
  #isAtRest = false;
  #hasFailed = false;
  #hasLeft = false;

  constructor(name: string, subscriber: Subscriber<never>, settlement: Settlement | undefined, owner: BranchOwner) {
    this.name = name;
    this.settlement = settlement;
    this.#subscriber = subscriber;
    this.#owner = owner;
  }

  /** Number of values handed to the branch. */
  get handed(): number {
    return this.#handed;
  }

  /** Number of values settled, counted from the first. */
  get settled(): number {
    return this.#settled;
  }

  /** Whether its consumer failed or closed before the branch left, or with values in hand. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Whether it has no more work on the values that it was handed. */
  get isAtRest(): boolean {
    return this.#isAtRest || this.#given?.unsettled === 0;
  }

  /** Hands over the next value: `emit` passes it to the subscriber. */
  hand(emit: () => void): void {
    this.#handed++;
    if (this.#given === undefined) emit();
    else this.#given(this.#handed, emit);
    this.#owner.restChanged();
  }

  /** From now on it reports what it settles. All values handed over before share one settlement. */
  follow(): void {
    const { settlement, handed } = this;
    new Observable<never>(subscriber => {
      this.#tracker = subscriber;
      this.#given = settledBy<number>(subscriber, settlement ?? 'none', upTo => this.#settle(upTo));
      if (settlement === undefined) this.#settle(handed);
      else this.#followConsumer(subscriber, settlement);
    }).subscribe({
      error: (error: unknown) => {
        this.#end();
        this.#subscriber.error(error);
      },
    });
  }

  /** The source has ended, and the branch has been handed all of its values. */
  askRest(): void {
    const tracker = this.#tracker;
    if (this.#asking !== undefined || tracker === undefined) return;
    this.#asking = new Subscription();
    askRest(this.#asking, tracker, this.settlement, isAtRest => {
      this.#isAtRest = isAtRest;
      this.#owner.restChanged();
    });
  }

  /** The source asks anew, so its consumer is asked anew when it has been handed everything. */
  askAgain(): void {
    this.#asking?.unsubscribe();
    this.#asking = undefined;
    this.#isAtRest = false;
  }

  /** Its subscriber has unsubscribed, or has been notified of the end. */
  leave(): void {
    this.#hasLeft = true;
    if (this.#hasFailed || this.#settled === this.#handed) this.#over();
  }

  /** The round is over. It may end before this branch is followed, if following an earlier one fails. */
  stop(): void {
    this.#tracker?.unsubscribe();
  }

  #followConsumer(subscriber: Subscriber<never>, settlement: Settlement): void {
    const { handed } = this;
    const { received } = settlement;
    subscribeOwned(subscriber, settlement.settled$, {
      next: settled => {
        if (settled >= received) this.#settle(handed);
      },
      complete: () => this.#end(),
    });
  }

  #settle(upTo: number): void {
    const from = this.#settled;
    if (upTo <= from) return;
    this.#settled = upTo;
    if (this.#hasLeft && upTo === this.#handed) this.#over();
    else this.#owner.settled(from);
  }

  /** The consumer will settle nothing more. */
  #end(): void {
    this.#hasFailed = true;
    if (this.#hasLeft) this.#over();
    else this.#owner.failed(this);
  }

  #over(): void {
    this.stop();
    this.#owner.over(this);
  }
}
