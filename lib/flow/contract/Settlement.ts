import type { Observable } from 'rxjs';

/**
 * How far the consumer of a source is: what a source needs to know before it acknowledges.
 *
 * A value is settled when every required consumer has finished with it (promise K1). `settled` counts a prefix: if it
 * is 3, the first three values are settled. Counts begin with the first value that the consumer received, and go on
 * when the same source is opened again by `retry`.
 *
 * @example
 * ```ts
 * const half: Pausable<number> = (pause$, settlement) =>
 *   numbers(pause$, settlement).pipe(filter(n => n % 2 === 0));
 * ```
 * @see node_modules/rx-event-broker/docs/settling.md
 */
export interface Settlement {
  /** Values that the consumer has received. */
  readonly received: number;
  /** How many of them are settled, from the first. Tracking begins when this or `settled$` is first read. */
  readonly settled: number;
  /** Emits `settled`, then its changes. Completes when nothing more will be settled. */
  readonly settled$: Observable<number>;
  /**
   * Given by consumers that settle several values together, such as the events of a block. `true` while the consumer has
   * nothing left to do with what it received, although not all of it is settled: the rest is settled with values to come,
   * or never. A source at its end then completes, instead of waiting (promise K3).
   */
  readonly atRest$?: Observable<boolean> | undefined;
}
