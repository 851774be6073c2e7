import { Subscription, type Observable } from 'rxjs';
import { subscribeOwned } from '../subscribeOwned.js';

/**
 * Follows a level (`skip$`, `hold$`, `pause$`), and calls `onChange` when it changes. The level starts `false`. When it
 * completes, its last value stays; `onError` gets its error. Other values than booleans, from JavaScript, are converted.
 */
export const followLevel = (
  level$: Observable<boolean>,
  onChange: (level: boolean) => void,
  onError: (error: unknown) => void,
): Subscription => {
  let wasTrue = false;
  return subscribeOwned(new Subscription(), level$, {
    next: (value: unknown) => {
      const isTrue = Boolean(value);
      if (isTrue === wasTrue) return;
      wasTrue = isTrue;
      onChange(isTrue);
    },
    error: onError,
  });
};
