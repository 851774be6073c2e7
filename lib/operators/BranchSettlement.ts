import { Observable, type Subscriber, type Subscription } from 'rxjs';
import type { Settlement } from '../flow/contract/Settlement.js';
import { settledBy, type Given } from '../flow/settlement/settledBy.js';
import { subscribeOwned } from '../flow/subscribeOwned.js';

/** What a branch reports to its round. */
export interface BranchOwner {
  /** It has settled the values after `from`, up to `upTo`. */
  readonly settled: (from: number, upTo: number) => void;
  /** Whether it is at rest may have changed. */
  readonly restChanged: () => void;
  /** It has left, and will settle nothing more. */
  readonly over: (branch: BranchSettlement) => void;
}

/**
 * How far one branch of a fan-out has come.
 *
 * A branch that leaves may have values in hand that its consumer still works on, as behind `take`. So the consumer is
 * followed until it has settled them, or settles nothing more: not the subscription of the branch, but its own.
 */
export class BranchSettlement {
  readonly name: string;
  readonly settlement: Settlement | undefined;
  readonly #subscriber: Subscriber<never>;
  readonly #owner: BranchOwner;
  #given: Given<number> | undefined;
  #following: Subscription | undefined;
  #handed = 0;
  #settled = 0;
  #tracker: Subscriber<never> | undefined;
  #isRestAsked = false;
  #isAtRest = false;
  #hasFailed = false;
  #hasLeft = false;
  #isOver = false;

  constructor(name: string, subscriber: Subscriber<never>, settlement: Settlement | undefined, owner: BranchOwner) {
    this.name = name;
    this.settlement = settlement;
    this.#subscriber = subscriber;
    this.#owner = owner;
  }

  /** Values that it has been handed. */
  get handed(): number {
    return this.#handed;
  }

  /** Values that it has settled, from the first. */
  get settled(): number {
    return this.#settled;
  }

  /** Its consumer has failed, or was closed, before the branch left or with values in hand. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** It has nothing left to do with what it was handed. */
  get isAtRest(): boolean {
    return this.#isAtRest || this.#given?.unsettled === 0;
  }

  /** It gets its next value: `emit` passes it to its subscriber. */
  hand(emit: () => void): void {
    this.#handed++;
    if (this.#given === undefined) emit();
    else this.#given(this.#handed, emit);
    this.#owner.restChanged();
  }

  /** From now on it reports what it settles. What it was handed before is settled together. */
  follow(): void {
    const { settlement, handed } = this;
    this.#following = new Observable<never>(subscriber => {
      this.#tracker = subscriber;
      this.#given = settledBy<number>(subscriber, settlement ?? 'none', upTo => this.#settle(upTo));
      if (settlement === undefined) this.#settle(handed);
      else this.#followConsumer(subscriber, settlement);
    }).subscribe({
      error: (error: unknown) => {
        this.#hasFailed = true;
        this.#subscriber.error(error);
      },
    });
    this.#following.add(() => this.#end());
  }

  /** The source is at its end, and the branch has been handed all of it. */
  askRest(): void {
    const tracker = this.#tracker;
    if (this.#isRestAsked || tracker === undefined) return;
    this.#isRestAsked = true;
    const { atRest$ } = this.settlement ?? {};
    if (atRest$ === undefined) return;
    subscribeOwned(tracker, atRest$, {
      next: isAtRest => {
        this.#isAtRest = isAtRest;
        this.#owner.restChanged();
      },
      error: (error: unknown) => tracker.error(error),
    });
  }

  /** Its subscriber has left. */
  leave(): void {
    this.#hasLeft = true;
    // without a settlement, a value is settled when it is handed over: also if the branch leaves inside that call
    if (this.settlement === undefined) this.#settle(this.#handed);
    if (this.#hasFailed || this.#settled === this.#handed) this.#stop();
  }

  /** The round is over. */
  stop(): void {
    this.#isOver = true;
    this.#following?.unsubscribe();
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
    if (upTo <= this.#settled) return;
    const from = this.#settled;
    this.#settled = upTo;
    this.#owner.settled(from, upTo);
    if (this.#hasLeft && upTo === this.#handed) this.#stop();
  }

  /** The consumer will settle nothing more. */
  #end(): void {
    if (this.#isOver) return;
    this.#hasFailed = true;
    if (this.#hasLeft) this.#stop();
  }

  #stop(): void {
    if (this.#isOver) return;
    this.stop();
    this.#owner.over(this);
  }
}
