import { defer, type SchedulerLike, type Subscriber, type Subscription } from 'rxjs';
import { after } from '../flow/clock.js';
import type { Settlement } from '../flow/contract/Settlement.js';
import { currentValue, type CurrentValue } from '../flow/level/currentValue.js';
import { NotSettledError } from '../flow/settlement/errors.js';
import { SettledCount } from '../flow/settlement/SettledCount.js';
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
  readonly #count: SettledCount;
  readonly #owner: BranchOwner;
  /** `undefined` until the source asks. */
  #rest: CurrentValue<boolean> | undefined;
  /** How many values came before the tracking began: they are settled together. `undefined` before that. */
  #before: number | undefined;
  /** The least number of values that a branch has settled, and how many branches have settled no more. */
  #slowest = 0;
  #slowestCount = 0;
  /** Of the branches that left a value unsettled, or failed: the one that settled least. The round settles no more. */
  #lost: BranchSettlement | undefined;
  #reporting: Subscription | undefined;

  /** @param report - Called in the next turn of the scheduler with the reason why the round settles nothing more. */
  constructor(mayHaveNone: boolean, scheduler: SchedulerLike, report: (what: string) => void) {
    this.#mayHaveNone = mayHaveNone;
    this.#scheduler = scheduler;
    this.#report = report;
    const atRest$ = defer(() => {
      for (const branch of [...this.#branches, ...this.#leaving.keys()]) branch.askAgain();
      this.#rest ??= currentValue(false, 'a source threw when its consumers had no more unsettled values');
      this.#updateRest();
      return this.#rest.value$;
    });
    this.#count = new SettledCount({ received: 0, settled: 0 }, () => this.#track(), atRest$);
    this.#owner = {
      settled: from => {
        if (this.#inRound(from) === this.#slowest && --this.#slowestCount === 0) this.#update();
        this.#updateRest();
      },
      restChanged: () => this.#updateRest(),
      failed: branch => {
        this.#lose(branch);
        this.#update();
      },
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
    this.#updateRest();
  }

  leave(branch: BranchSettlement): void {
    this.#branches.delete(branch);
    const { received } = this.#count;
    // leaving the last branch unsubscribes from the source, which settles nothing (promise K1c)
    if (this.#branches.size === 0) {
      branch.stop();
      this.end();
    } else if (this.#before !== undefined) {
      this.#leaving.set(branch, received);
      branch.leave();
      this.#updateRest();
    } else if (received > 0) this.#lose(branch);
  }

  end(): void {
    this.#before = undefined;
    this.#reporting?.unsubscribe();
    this.#count.end();
    for (const branch of this.#leaving.keys()) branch.stop();
    this.#leaving.clear();
  }

  /** A branch that has left will settle nothing more. */
  #over(branch: BranchSettlement): void {
    const received = this.#leaving.get(branch)!;
    this.#leaving.delete(branch);
    if (branch.hasFailed || branch.settled < received) this.#lose(branch);
    this.#update();
    this.#updateRest();
  }

  #lose(branch: BranchSettlement): void {
    if (this.#lost === undefined || branch.settled < this.#lost.settled) this.#lost = branch;
  }

  #track(): void {
    for (const { name, settlement } of this.#branches)
      if (settlement === undefined && !this.#mayHaveNone) throw new NotSettledError(name);
    this.#before = this.#count.received;
    for (const branch of this.#branches) branch.follow();
    this.#update();
  }

  #update(): void {
    if (this.#before === undefined) return;
    const lost = this.#lost;
    // in the next turn: branches that are torn down together, as by `merge`, all leave in this one
    if (lost !== undefined) this.#reporting ??= after(this.#scheduler, 0, () => this.#reportLost());
    const counts = [...this.#branches, ...this.#leaving.keys()].map(({ settled }) => this.#inRound(settled));
    const slowest = counts.reduce((least, settled) => Math.min(least, settled), Infinity);
    this.#slowest = slowest;
    this.#slowestCount = counts.filter(settled => settled === slowest).length;
    const limit = lost === undefined ? Infinity : this.#inRound(lost.settled);
    this.#count.settle(Math.min(slowest, limit));
    if (slowest >= limit) this.#count.end();
  }

  /** Of the first `settled` values of a branch: how many count. Those from before the tracking count together (promise K5a). */
  #inRound(settled: number): number {
    return settled < this.#before! ? 0 : settled;
  }

  #reportLost(): void {
    const lost = this.#lost!;
    const value = this.#inRound(lost.settled) + 1;
    const what = this.#branches.has(lost) ? 'settles nothing more' : 'left';
    this.#report(
      `${lost.name} ${what}: value ${value} and later ones are not settled until the fan-out is opened again`,
    );
  }

  #updateRest(): void {
    this.#rest?.set(this.#isAtRest());
  }

  #isAtRest(): boolean {
    const { received } = this.#count;
    for (const branch of this.#branches) if (branch.handed === received) branch.askRest();
    for (const branch of this.#leaving.keys()) branch.askRest();
    const isDone = [...this.#branches].every(({ handed, isAtRest }) => handed === received && isAtRest);
    return isDone && [...this.#leaving.keys()].every(({ isAtRest }) => isAtRest);
  }
}
