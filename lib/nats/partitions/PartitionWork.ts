import { ReplaySubject, Subscription, type Observable } from 'rxjs';
import { subscribeOwned } from '../../flow/subscribeOwned.js';
import type { Partition } from './Partition.js';

/** The work on one partition, from its acquisition to its release. */
export class PartitionWork {
  readonly index: number;
  readonly epoch: number;
  readonly #stop$ = new ReplaySubject<void>(1);
  readonly #subscription = new Subscription();
  #isLeaving = false;
  #hasEnded = false;

  constructor(index: number, epoch: number) {
    this.index = index;
    this.epoch = epoch;
  }

  /** The work was asked to stop. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** The work was asked to stop, and has completed. */
  get hasLeft(): boolean {
    return this.#isLeaving && this.#hasEnded;
  }

  start<R>(
    work: (partition: Partition) => Observable<R>,
    observer: {
      readonly next: (value: R) => void;
      readonly error: (error: unknown) => void;
      readonly ended: () => void;
    },
  ): void {
    const { index, epoch } = this;
    let work$: Observable<R>;
    try {
      work$ = work({ index, epoch, stop$: this.#stop$.asObservable() });
    } catch (error) {
      observer.error(error);
      return;
    }
    subscribeOwned(this.#subscription, work$, {
      next: value => observer.next(value),
      error: (error: unknown) => observer.error(error),
      complete: () => {
        this.#hasEnded = true;
        if (this.#isLeaving) observer.ended();
      },
    });
  }

  /** Asks the work to stop. */
  leave(): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#stop$.next();
    this.#stop$.complete();
  }

  /** Unsubscribes the work immediately. */
  cut(): void {
    this.#subscription.unsubscribe();
  }
}
