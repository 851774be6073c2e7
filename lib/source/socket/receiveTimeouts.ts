import { defer, ignoreElements, NEVER, repeat, startWith, switchMap, tap } from 'rxjs';
import type { Observable, SchedulerLike } from 'rxjs';
import { timerAfter } from '../../flow/clock.js';
import { ReceiveTimeoutError } from './errors.js';

/**
 * Errors with `ReceiveTimeoutError` after more than `maxReceiveTimeouts` timeouts in a row (promise N3). A timeout is
 * `receiveTimeout` ms without a message, connected or not. Time during which the consumer pauses does not count. Emits
 * nothing.
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
  return defer(() => {
    let inARow = 0;
    const silence$ = heard$.pipe(
      tap(() => {
        inARow = 0;
      }),
      startWith(undefined),
      switchMap(() => timerAfter(scheduler, receiveTimeout).pipe(repeat())),
    );
    return paused$.pipe(
      switchMap(paused => (paused ? NEVER : silence$)),
      tap(() => {
        inARow++;
        timedOut();
        if (inARow > maxReceiveTimeouts) throw new ReceiveTimeoutError(receiveTimeout, maxReceiveTimeouts);
      }),
      ignoreElements(),
    );
  });
};
