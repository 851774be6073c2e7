import { from, type Observable, type RetryConfig, type SchedulerLike } from 'rxjs';
import { timerAfter } from '../clock.js';

/** Whether there is another try after that many retries, as RxJS's `retry` counts them (promise B10). */
export const mayRetry = (retry: RetryConfig | undefined, retries: number): retry is RetryConfig =>
  retry !== undefined && retries < (retry.count ?? Infinity);

/**
 * What the next try waits for, as in RxJS: its first value begins the try, completion without a value ends the delivery
 * as done, an error fails it for good. `undefined`: nothing. Throws what a `delay` function throws.
 */
export const delayOf = (
  { delay }: RetryConfig,
  scheduler: SchedulerLike,
  error: unknown,
  retries: number,
): Observable<unknown> | undefined => {
  if (delay === undefined) return undefined;
  return typeof delay === 'number' ? timerAfter(scheduler, delay) : from(delay(error, retries));
};
