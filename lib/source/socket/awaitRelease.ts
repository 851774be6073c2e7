import { Observable, type Subscriber, type TeardownLogic } from 'rxjs';

/**
 * A cold Observable over something whose release takes time (promise L1): a second subscription of it waits for the
 * release of the first, so that `retry()` does not meet its own port.
 *
 *     first     ──open──────unsubscribed┄┄┄┄released
 *     second                  subscribed┄┄┄┄┄┄┄┄┄┄┄┄open──
 *
 * `open` begins, gives the teardown, and calls `released` once after it: when everything is closed. What `open` throws is
 * the error of its subscription, and the next one's turn comes.
 */
export const awaitRelease = <T>(
  open: (subscriber: Subscriber<T>, released: () => void) => TeardownLogic,
): Observable<T> => {
  let taken = false;
  const waiting = new Set<() => void>();
  const release = () => {
    taken = false;
    const [first] = waiting;
    if (first === undefined) return;
    waiting.delete(first);
    first();
  };
  return new Observable<T>(subscriber => {
    const begin = () => {
      taken = true;
      let teardown: TeardownLogic;
      try {
        teardown = open(subscriber, release);
      } catch (error) {
        release();
        subscriber.error(error);
        return;
      }
      subscriber.add(teardown);
    };
    if (!taken) {
      begin();
      return;
    }
    waiting.add(begin);
    subscriber.add(() => waiting.delete(begin));
  });
};
