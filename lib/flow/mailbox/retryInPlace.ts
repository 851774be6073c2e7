import { from, type Observable, type RetryConfig, type SchedulerLike } from 'rxjs';
import { timerAfter } from '../clock.js';

/** Whether another attempt follows after this many retries, counted as by RxJS's `retry` (promise B10). */
export const mayRetry = (retry: RetryConfig | undefined, retries: number): retry is RetryConfig =>
  retry !== undefined && retries < (retry.count ?? Infinity);

/**
 * The delay before the next attempt, as in RxJS. Its first value begins the attempt. Completion without a value ends the
 * delivery as delivered; an error fails it for good. `undefined`: no delay. Throws what a `delay` function throws.
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
