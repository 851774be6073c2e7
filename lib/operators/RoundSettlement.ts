import { Observable, type SchedulerLike, type Subscriber } from 'rxjs';
import { after } from '../flow/clock.js';
import type { Settlement } from '../flow/contract/Settlement.js';
import { currentValue } from '../flow/level/currentValue.js';
import { NotSettledError } from '../flow/settlement/errors.js';
import { SettledCount } from '../flow/settlement/SettledCount.js';
import { settledBy, type Given } from '../flow/settlement/settledBy.js';
import { SettledPrefix } from '../flow/settlement/SettledPrefix.js';
import { subscribeOwned } from '../flow/subscribeOwned.js';

/** How far one branch has come. */
interface Branch {
  readonly name: string;
  readonly subscriber: Subscriber<never>;
  readonly settlement: Settlement | undefined;
  given: Given<number> | undefined;
  /** Values that it has received, and values that it has settled, in order. */
  handed: number;
  settled: number;
  isAtRest: boolean;
  /** Its consumer will settle nothing more. */
  hasEnded: boolean;
}

/**
 * What a fan-out reports to its source: a value is settled when every branch has settled it (promise K4).
 *
 * If the consumer of a branch fails, the count ends: what it has not settled stays unsettled. A branch that was
 * unsubscribed no longer counts. The two differ by which ends first, its `settled$` or its subscription.
 *
 * Branches that are torn down together, as by `merge`, leave one after the other. So what the first ones had in hand
 * counts as settled only in the next turn of the scheduler, if another branch is still there.
 */
export class RoundSettlement {
  readonly #mayHaveNone: boolean;
  readonly #scheduler: SchedulerLike;
  readonly #branches = new Set<Branch>();
  readonly #rest = currentValue(true, 'a source threw when its consumers came to rest');
  readonly #count: SettledCount;
  #prefix: SettledPrefix | undefined;
  /** The place shared by all values that came before the tracking began. */
  #before = 0;
  #isRestAsked = false;

  constructor(mayHaveNone: boolean, scheduler: SchedulerLike) {
    this.#mayHaveNone = mayHaveNone;
    this.#scheduler = scheduler;
    const atRest$ = new Observable<boolean>(subscriber => {
      this.#isRestAsked = true;
      this.#updateRest();
      return this.#rest.value$.subscribe(subscriber);
    });
    this.#count = new SettledCount({ received: 0, settled: 0 }, () => this.#track(), atRest$);
  }

  /** The settlement that the source gets. */
  get settlement(): Settlement {
    return this.#count;
  }

  join(name: string, subscriber: Subscriber<never>, settlement: Settlement | undefined): Branch {
    const branch: Branch = {
      name,
      subscriber,
      settlement,
      given: undefined,
      handed: 0,
      settled: 0,
      isAtRest: false,
      hasEnded: false,
    };
    this.#branches.add(branch);
    return branch;
  }

  /** A value came from the source. */
  take(): void {
    this.#count.received++;
    if (this.#prefix === undefined) return;
    const place = this.#prefix.open();
    for (let i = this.#branches.size; i > 0; i--) this.#prefix.retain(place);
    this.#prefix.release(place);
    this.#updateRest();
  }

  /** A branch gets its next value: `emit` passes it to its subscriber. */
  hand(branch: Branch, emit: () => void): void {
    branch.handed++;
    if (branch.given === undefined) emit();
    else branch.given(branch.handed, emit);
    this.#updateRest();
  }

  leave(branch: Branch): void {
    this.#branches.delete(branch);
    if (this.#prefix === undefined) return;
    // with the last one the source is left, and that settles nothing (promise K1c)
    if (branch.hasEnded || this.#branches.size === 0) {
      this.#count.end();
      return;
    }
    const { received } = this.#count;
    after(this.#scheduler, 0, () => this.#settle(branch, received));
  }

  end(): void {
    this.#count.end();
  }

  #settle(branch: Branch, upTo: number): void {
    if (upTo <= branch.settled) return;
    const prefix = this.#prefix!;
    if (branch.settled < this.#before && upTo >= this.#before) prefix.release(this.#before);
    for (let place = Math.max(branch.settled, this.#before) + 1; place <= upTo; place++) prefix.release(place);
    branch.settled = upTo;
    this.#count.settle(prefix.settled);
    this.#updateRest();
  }

  #track(): void {
    for (const { name, settlement } of this.#branches)
      if (settlement === undefined && !this.#mayHaveNone) throw new NotSettledError(name);
    this.#before = this.#count.received;
    this.#prefix = new SettledPrefix(this.#before);
    for (const branch of this.#branches) {
      if (this.#before > 0) this.#prefix.retain(this.#before);
      this.#follow(branch);
    }
    this.#prefix.release(this.#before);
    this.#count.settle(this.#prefix.settled);
  }

  #follow(branch: Branch): void {
    const { subscriber, settlement } = branch;
    const given = settledBy<number>(subscriber, settlement ?? 'none', upTo => this.#settle(branch, upTo));
    branch.given = given;
    // what it received before is settled together
    const { handed } = branch;
    if (settlement === undefined) {
      this.#settle(branch, handed);
      return;
    }
    const { received } = settlement;
    subscribeOwned(subscriber, settlement.settled$, {
      next: settled => {
        if (settled >= received) this.#settle(branch, handed);
      },
      complete: () => {
        branch.hasEnded = true;
      },
    });
    if (settlement.atRest$ === undefined) return;
    subscribeOwned(subscriber, settlement.atRest$, {
      next: isAtRest => {
        branch.isAtRest = isAtRest;
        this.#updateRest();
      },
    });
  }

  #updateRest(): void {
    if (!this.#isRestAsked) return;
    const { received } = this.#count;
    const isResting = ({ handed, isAtRest, given }: Branch): boolean =>
      handed === received && (isAtRest || given?.unsettled === 0);
    this.#rest.set([...this.#branches].every(isResting));
  }
}
