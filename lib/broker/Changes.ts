import { asapScheduler, Observable, Subject } from 'rxjs';
import { forwardSafely } from '../flow/subscribeOwned.js';
import type { BrokerSnapshot } from './BrokerSnapshot.js';

/** Emits the snapshot after a change, at most once per microtask (promise I8). Costs nothing without observers. */
export class Changes {
  readonly changes$: Observable<BrokerSnapshot>;
  readonly #observers$ = new Subject<BrokerSnapshot>();
  readonly #snapshot: () => BrokerSnapshot;
  #last: BrokerSnapshot | undefined;
  #isWatched = false;
  #isDue = false;
  #hasEnded = false;

  /** @param watch - Called with whether there are observers. While there are, call `changed` after each change. */
  constructor(snapshot: () => BrokerSnapshot, watch: (isWatched: boolean) => void) {
    this.#snapshot = snapshot;
    this.changes$ = new Observable(subscriber => {
      const isFirst = !this.#observers$.observed;
      subscriber.add(this.#observers$.subscribe(forwardSafely(subscriber)));
      if (isFirst && !subscriber.closed) {
        this.#last = snapshot();
        watch((this.#isWatched = true));
      }
      return () => {
        if (!this.#observers$.observed && this.#isWatched) watch((this.#isWatched = false));
      };
    });
  }

  /** Something may have changed. */
  changed(): void {
    if (this.#isWatched && !this.#isDue) this.#schedule();
  }

  #schedule(): void {
    this.#isDue = true;
    asapScheduler.schedule(() => this.#emit());
  }

  /** The broker is closed. Calls still on the stack may change the counts once more; the last emission includes that. */
  end(): void {
    this.#hasEnded = true;
    if (this.#isWatched) this.changed();
    else this.#observers$.complete();
  }

  #emit(): void {
    this.#isDue = false;
    const now = this.#snapshot();
    if (now !== this.#last) {
      this.#last = now;
      this.#observers$.next(now);
    }
    if (this.#hasEnded) this.#observers$.complete();
  }
}
