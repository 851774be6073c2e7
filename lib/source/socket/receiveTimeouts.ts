import { catchError, ignoreElements, NEVER, retry, switchMap, tap, throwError, timeout } from 'rxjs';
import type { Observable, SchedulerLike } from 'rxjs';
import { ReceiveTimeoutError } from './ReceiveTimeoutError.js';

/**
 * Emits nothing, and errors with `ReceiveTimeoutError` when more than `maxReceiveTimeouts` times in a row nothing was
 * heard for `receiveTimeout` ms, connected or not (promise N3). Time that we pause does not count.
 *
 *     heard$    -x------------------x-
 *     timeouts  --------!-----!-------     in a row: 1, 2, then 0 again
 */
export const receiveTimeouts = (
  heard$: Observable<unknown>,
  options: {
    readonly receiveTimeout: number;
    readonly maxReceiveTimeouts: number;
    readonly paused$: Observable<boolean>;
    readonly scheduler: SchedulerLike;
    /** Called at each timeout. */
    readonly timedOut: () => void;
  },
): Observable<never> => {
  const { receiveTimeout, maxReceiveTimeouts, paused$, scheduler, timedOut } = options;
  return paused$.pipe(
    switchMap(paused => (paused ? NEVER : heard$.pipe(timeout({ each: receiveTimeout, scheduler })))),
    tap({ error: timedOut }),
    retry({ count: maxReceiveTimeouts, resetOnSuccess: true }),
    catchError(() => throwError(() => new ReceiveTimeoutError(receiveTimeout, maxReceiveTimeouts))),
    ignoreElements(),
  );
};
