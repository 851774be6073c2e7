import type { Observable } from 'rxjs';
import type { Settlement } from './Settlement.js';

/**
 * A source that its consumer can pause: a function from the consumer's `pause$` to a cold Observable.
 *
 * `true` on `pause$` means "I am full": while the level is `true`, the source emits nothing. `pause$` replays its current
 * level. Until it emits, the source runs. If it completes, its last level stays; if it errors, the source errors.
 *
 * `settlement` reports how many values of the source have been processed. A source that acknowledges needs it (see
 * `settledBy`); any other source ignores it.
 *
 * @example
 * ```ts
 * const numbers: Pausable<number> = pause$ =>
 *   fromPull(() => [1, 2, 3], { pause$ });
 * ```
 * @see node_modules/rx-event-broker/docs/flow-control.md
 */
export type Pausable<T> = (pause$: Observable<boolean>, settlement: Settlement) => Observable<T>;

/**
 * A source that this package returns. It may be called without a settlement. A source that needs one then errors with
 * `NotSettledError`.
 *
 * @see node_modules/rx-event-broker/docs/settling.md
 */
export type OpenedSource<T> = (pause$: Observable<boolean>, settlement?: Settlement) => Observable<T>;
