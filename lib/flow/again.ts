import { defer, retry, timer, type Observable, type RetryConfig, type SchedulerLike } from 'rxjs';
import { workOf } from './Work.js';

/**
 * The same delivery tried again, in place, as RxJS's `retry` does (promise B10): `first` is how its first try went,
 * `attempt` makes the others. A numeric `delay` is timed by `scheduler`.
 */
export const again = (
  config: RetryConfig,
  scheduler: SchedulerLike,
  first: () => unknown,
  attempt: (number: number) => unknown,
): Observable<unknown> => {
  let number = 0;
  const { delay } = config;
  return defer(() => workOf(++number === 1 ? first() : attempt(number))).pipe(
    retry(typeof delay === 'number' ? { ...config, delay: () => timer(delay, scheduler) } : config),
  );
};
