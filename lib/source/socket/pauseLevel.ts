import { NEVER, Observable } from 'rxjs';
import { anyTrue } from '../../flow/level/anyTrue.js';
import { followLevel } from '../../flow/level/followLevel.js';

/**
 * A consumer's `pause$`, subscribed once for all connections of a subscription.
 *
 * `following$` is the notifier of a `takeUntil`: it follows `pause$` while it is subscribed, emits nothing, and errors
 * when `pause$` does.
 */
export const pauseLevel = (
  pause$: Observable<boolean> = NEVER,
): {
  readonly paused$: Observable<boolean>;
  readonly isPaused: () => boolean;
  readonly following$: Observable<never>;
} => {
  const level = anyTrue();
  return {
    paused$: level.level$,
    isPaused: () => level.value,
    following$: new Observable<never>(subscriber =>
      followLevel(
        pause$,
        paused => (paused ? level.raise() : level.lower()),
        error => subscriber.error(error),
      ),
    ),
  };
};
