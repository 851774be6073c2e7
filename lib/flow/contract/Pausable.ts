import type { Observable } from 'rxjs';

/**
 * A source that its consumer can pause: a function from the consumer's `pause$` to a cold Observable.
 *
 * `true` on `pause$` means "I am full". It replays its current level; until it emits, the source runs. If it completes,
 * the last level stays; if it errors, the source errors. A source emits nothing while the level is `true`.
 *
 * @example
 * ```ts
 * const numbers: Pausable<number> = pause$ =>
 *   fromPull(() => [1, 2, 3], { pause$ });
 * ```
 * @see node_modules/rx-event-broker/docs/flow-control.md
 */
export type Pausable<T> = (pause$: Observable<boolean>) => Observable<T>;
