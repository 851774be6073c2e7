import { Observable } from 'rxjs';
import type { Settlement } from '../contract/Settlement.js';
import { currentValue } from '../level/currentValue.js';

/**
 * The settlement that a consumer gives a source, for one subscription.
 *
 * SC1  `settled` never decreases, and never exceeds `received`.
 * SC2  After `end`, nothing more is settled.
 */
export class SettledCount implements Settlement {
  received: number;
  readonly settled$: Observable<number>;
  readonly atRest$: Observable<boolean> | undefined;
  readonly #settled;
  readonly #track: () => void;
  #isTracked = false;
  #hasEnded = false;

  /**
   * @param from - The counts of earlier subscriptions of the same consumer to the same source.
   * @param track - Called when the source first reads `settled` or `settled$`. From then on the consumer calls `settle`.
   */
  constructor(
    from: { readonly received: number; readonly settled: number },
    track: () => void,
    atRest$?: Observable<boolean>,
  ) {
    this.atRest$ = atRest$;
    this.received = from.received;
    this.#track = track;
    this.#settled = currentValue(from.settled, 'a source threw when its values were settled');
    this.settled$ = new Observable(subscriber => {
      this.#begin();
      return this.#settled.value$.subscribe(subscriber);
    });
  }

  get settled(): number {
    this.#begin();
    return this.#settled.value;
  }

  /** All values up to this one are settled. */
  settle(upTo: number): void {
    if (!this.#hasEnded && upTo > this.#settled.value) this.#settled.set(upTo);
  }

  /** Nothing more will be settled. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#settled.end();
  }

  #begin(): void {
    if (this.#isTracked || this.#hasEnded) return;
    this.#isTracked = true;
    this.#track();
  }
}
