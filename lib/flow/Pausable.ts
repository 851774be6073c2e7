import type { Observable } from 'rxjs';

/**
 * A source that its consumer can pause: a function of the consumer's `pause$` to a cold Observable.
 *
 * `true` on `pause$` means "I am full". It replays its level, and none yet means running. When it completes, the last
 * level stays; when it errors, the source errors. A source emits nothing while the level is `true`.
 */
export type Pausable<T> = (pause$: Observable<boolean>) => Observable<T>;
