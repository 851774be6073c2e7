import { concat, defer, EMPTY, finalize, Observable, Subject, type Subscriber, type TeardownLogic } from 'rxjs';

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
  let last$: Observable<never> = EMPTY;
  return defer(() => {
    const before$ = last$;
    const released$ = new Subject<never>();
    last$ = released$;
    let opened = false;
    const opening$ = new Observable<T>(subscriber => {
      opened = true;
      return open(subscriber, () => released$.complete());
    });
    const leave = () => {
      if (!opened) before$.subscribe(released$); // gone while it waited: who comes next waits on
    };
    return concat(before$, opening$).pipe(finalize(leave));
  });
};
