import { retry, type Observable, type RetryConfig, type SchedulerLike } from 'rxjs';
import { timerAfter } from '../clock.js';
import { startUnlessCancelled } from './Work.js';

/**
 * The same delivery tried again, in place, as RxJS's `retry` does (promise B10): `first` is how its first try went,
 * `attempt` makes the others. A numeric `delay` is timed by `scheduler`. A delivery that is closed inside a try has no
 * other (`wanted` tells), and work that the try leaves behind is not begun. That the teardown of a try throws (`broken`)
 * changes nothing about how it went.
 */
export const retryInPlace = (
  retries: number | RetryConfig,
  scheduler: SchedulerLike,
  first: () => unknown,
  attempt: (number: number) => unknown,
  wanted: () => boolean,
  broken?: (error: unknown) => void,
): Observable<unknown> => {
  let number = 0;
  const config = typeof retries === 'number' ? { count: retries } : retries;
  const { delay } = config;
  return startUnlessCancelled(() => (++number === 1 ? first() : attempt(number)), wanted, broken).pipe(
    retry(typeof delay === 'number' ? { ...config, delay: () => timerAfter(scheduler, delay) } : config),
  );
};
