import type { Observable } from 'rxjs';

/**
 * Reports how many values of a source its consumer has processed. A source needs that to acknowledge.
 *
 * A value is settled when every required consumer has processed it (promise K1). `settled` counts a prefix: if it is 3, the
 * first three values are settled. Counting begins with the first value that the consumer received. It continues when
 * `retry` opens the same source again.
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
  /** How many of them are settled, from the first. Tracking begins when `settled` or `settled$` is first read. */
  readonly settled: number;
  /** Emits `settled`, then its changes. Completes when nothing more will be settled. */
  readonly settled$: Observable<number>;
  /**
   * For a consumer that settles several values together, such as the events of a block, or that may end its settlement and
   * go on, such as a broker whose required loop was left. `true` while it has no more work on the values that it received,
   * even if some are not settled: later values settle those, or they are never settled. A source that has ended then
   * completes instead of waiting (promise K3). Subscribing to it makes the consumer hand over what it gathers.
   */
  readonly atRest$?: Observable<boolean> | undefined;
}
