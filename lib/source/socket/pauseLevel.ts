import { BehaviorSubject, NEVER, Observable } from 'rxjs';
import { followLevel } from '../../flow/level/followLevel.js';

/**
 * A consumer's `pause$`, followed once for all connections of a subscription. `following$` follows it while subscribed,
 * emits nothing, and errors where `pause$` does: the notifier of a `takeUntil`, so that it ends with what it pauses.
 */
export const pauseLevel = (
  pause$: Observable<boolean> = NEVER,
): {
  readonly paused$: Observable<boolean>;
  readonly isPaused: () => boolean;
  readonly following$: Observable<never>;
} => {
  const level$ = new BehaviorSubject(false);
  return {
    paused$: level$.asObservable(),
    isPaused: () => level$.value,
    following$: new Observable<never>(subscriber =>
      followLevel(
        pause$,
        now => level$.next(now),
        error => subscriber.error(error),
      ),
    ),
  };
};
