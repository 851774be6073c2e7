import { Observable, type Subscriber, type TeardownLogic } from 'rxjs';

/**
 * A cold Observable over something whose release takes time (promise L1): a second subscription of it waits for the
 * release of the first, so that `retry()` does not meet its own port.
 *
 *     first     ──open──────unsubscribed┄┄┄┄released
 *     second                  subscribed┄┄┄┄┄┄┄┄┄┄┄┄open──
 *
 * `open` begins, gives the teardown, and calls `released` once after it: when everything has been let go.
 */
export const awaitRelease = <T>(
  open: (subscriber: Subscriber<T>, released: () => void) => TeardownLogic,
): Observable<T> => {
  let taken = false;
  const waiting: (() => void)[] = [];
  const release = () => {
    taken = false;
    waiting.shift()?.();
  };
  return new Observable<T>(subscriber => {
    const begin = () => {
      taken = true;
      if (subscriber.closed) release();
      else subscriber.add(open(subscriber, release));
    };
    if (taken) waiting.push(begin);
    else begin();
  });
};
