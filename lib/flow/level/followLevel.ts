import { Subscription, type Observable } from 'rxjs';
import { subscribeOwned } from '../subscribeOwned.js';

/**
 * Follows a level (`skip$`, `hold$`, `pause$`): `onChange` is called where it changes. It starts `false`; when it
 * completes, the last level stays; an error is given to `onError`. JavaScript may give other values: those that count as
 * true are `true`.
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
