import { Observable, Subscription, type SchedulerLike, type Subscriber } from 'rxjs';
import { after } from '../flow/clock.js';
import type { Settlement } from '../flow/contract/Settlement.js';
import { currentValue } from '../flow/level/currentValue.js';
import { NotSettledError } from '../flow/settlement/errors.js';
import { SettledCount } from '../flow/settlement/SettledCount.js';
import { SettledPrefix } from '../flow/settlement/SettledPrefix.js';
import { BranchSettlement, type BranchOwner } from './BranchSettlement.js';

/**
 * Reports to the source of a fan-out what is settled: a value is settled when every branch has settled it (promise K4).
 *
 *     source     1 2 3 4 5 6 7 8
 *     branch 1   ─ ─ ─ 3 left      4 and 5 were received and never settled
 *     branch 2   ─ ─ ─ ─ ─ ─ ─ 7
 *     settled        ─ 3           for good: the source emits 4 again when it is opened the next time
 *
 * When a branch leaves, the round still waits for its consumer to settle the values that the branch received. If the
 * consumer settles all of them, the other branches go on alone. If it leaves a value unsettled, or has failed, the round
 * settles nothing more: its count ends before the first unsettled value (decision 0020).
 *
 * RS1  A value that a branch has received, and not settled, is never settled by the round.
 */
export class RoundSettlement {
  readonly #mayHaveNone: boolean;
  readonly #scheduler: SchedulerLike;
  readonly #report: (what: string) => void;
  readonly #branches = new Set<BranchSettlement>();
  /** Branches that left while their consumer works, and how many values the round had received by then. */
  readonly #leaving = new Map<BranchSettlement, number>();
  readonly #rest = currentValue(true, 'a source threw when its consumers had no more unsettled values');
  readonly #count: SettledCount;
  readonly #owner: BranchOwner;
  readonly #reporting = new Subscription();
  #prefix: SettledPrefix | undefined;
  /** The place shared by all values that came before the tracking began. */
  #before = 0;
  /** The last value that has a place. */
  #last = 0;
  /** The last value that can be settled: a branch left with a later one unsettled, or failed. */
  #limit = Infinity;
  /** The branch that set the limit first. */
  #limitedBy = '';
  #isRestAsked = false;

  /** @param report - Called in the next turn of the scheduler with the reason why the round settles nothing more. */
  constructor(mayHaveNone: boolean, scheduler: SchedulerLike, report: (what: string) => void) {
    this.#mayHaveNone = mayHaveNone;
    this.#scheduler = scheduler;
    this.#report = report;
    const atRest$ = new Observable<boolean>(subscriber => {
      this.#isRestAsked = true;
      this.#updateRest();
      return this.#rest.value$.subscribe(subscriber);
    });
    this.#count = new SettledCount({ received: 0, settled: 0 }, () => this.#track(), atRest$);
    this.#owner = {
      settled: (from, upTo) => this.#release(from, upTo),
      restChanged: () => this.#updateRest(),
      over: branch => this.#over(branch),
    };
  }

  /** The settlement that the source gets. */
  get settlement(): Settlement {
    return this.#count;
  }

  join(name: string, subscriber: Subscriber<never>, settlement: Settlement | undefined): BranchSettlement {
    const branch = new BranchSettlement(name, subscriber, settlement, this.#owner);
    this.#branches.add(branch);
    return branch;
  }

  /** Counts a value of the source. */
  take(): void {
    this.#count.received++;
    if (this.#prefix === undefined) return;
    if (this.#limit === Infinity) {
      const place = (this.#last = this.#prefix.open());
      for (let i = this.#branches.size; i > 0; i--) this.#prefix.retain(place);
      this.#prefix.release(place);
    }
    this.#updateRest();
  }

  leave(branch: BranchSettlement): void {
    this.#branches.delete(branch);
    const { received } = this.#count;
    // leaving the last branch unsubscribes from the source, which settles nothing (promise K1c)
    if (this.#branches.size === 0) this.end();
    else if (this.#prefix !== undefined) {
      this.#leaving.set(branch, received);
      branch.leave();
      this.#updateRest();
    } else if (received > 0) this.#stopAt(0, branch.name);
  }

  end(): void {
    this.#reporting.unsubscribe();
    this.#count.end();
    for (const branch of this.#leaving.keys()) branch.stop();
    this.#leaving.clear();
  }

  /** A branch that has left will settle nothing more. */
  #over(branch: BranchSettlement): void {
    const { name, settled, hasFailed } = branch;
    const received = this.#leaving.get(branch)!;
    this.#leaving.delete(branch);
    if (hasFailed || settled < received) this.#stopAt(settled < this.#before ? 0 : settled, name);
    this.#updateRest();
  }

  #stopAt(settled: number, name: string): void {
    const isFirst = this.#limit === Infinity;
    this.#limit = Math.min(this.#limit, settled);
    if (isFirst) this.#limitedBy = name;
    if (this.#prefix === undefined) return;
    this.#update(this.#prefix);
    if (isFirst) this.#reportLater();
  }

  /** Reports in the next turn: branches that are torn down together, as by `merge`, all leave in this one. */
  #reportLater(): void {
    const report = (): void => {
      const lost = this.#limit + 1;
      this.#report(
        `${this.#limitedBy} left: value ${lost} and later ones are not settled until the fan-out is opened again`,
      );
    };
    this.#reporting.add(after(this.#scheduler, 0, report));
  }

  #release(from: number, upTo: number): void {
    const prefix = this.#prefix!;
    const before = this.#before;
    if (from < before && upTo >= before) prefix.release(before);
    for (let place = Math.max(from, before) + 1; place <= Math.min(upTo, this.#last); place++) prefix.release(place);
    this.#update(prefix);
    this.#updateRest();
  }

  #update({ settled }: SettledPrefix): void {
    this.#count.settle(Math.min(settled, this.#limit));
    if (settled >= this.#limit) this.#count.end();
  }

  #track(): void {
    for (const { name, settlement } of this.#branches)
      if (settlement === undefined && !this.#mayHaveNone) throw new NotSettledError(name);
    const before = (this.#before = this.#last = this.#count.received);
    const prefix = (this.#prefix = new SettledPrefix(before));
    for (const branch of this.#branches) {
      if (before > 0) prefix.retain(before);
      branch.follow();
    }
    prefix.release(before);
    this.#update(prefix);
    // a branch left before the tracking began: what it had settled is unknown
    if (this.#limit < Infinity) this.#reportLater();
  }

  #updateRest(): void {
    if (!this.#isRestAsked) return;
    const { received } = this.#count;
    for (const branch of this.#branches) if (branch.handed === received) branch.askRest();
    for (const branch of this.#leaving.keys()) branch.askRest();
    const isDone = [...this.#branches].every(({ handed, isAtRest }) => handed === received && isAtRest);
    this.#rest.set(isDone && [...this.#leaving.keys()].every(({ isAtRest }) => isAtRest));
  }
}
