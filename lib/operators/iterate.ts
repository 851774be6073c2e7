import { NEVER, type NextObserver, type SchedulerLike } from 'rxjs';
import type { Delivery } from '../flow/contract/Delivery.js';
import type { Notice } from '../flow/contract/Notice.js';
import { checkOption } from '../flow/contract/options.js';
import type { Signal } from '../flow/contract/Signal.js';
import type { Source } from '../flow/contract/Source.js';
import { loopOver } from '../flow/loop/loopOver.js';
import { noLanes } from '../flow/loop/noLanes.js';
import { backpressure } from './backpressure.js';

/**
 * Options of `iterate`: those of `backpressure`, whose work is the body of the loop.
 * @see node_modules/rx-event-broker/docs/broker/iterate.md
 */
export type IterateOptions<T> = Delivery<T> & {
  /** A loop works on one value at a time. */
  readonly lanes?: never;
  /** The most values that a required loop may hold if its source cannot be paused. Default 65,536, at least 1. */
  readonly maxPending?: number;
  /** The bytes of a value, for bounds in bytes. Default: none. */
  readonly sizeOf?: (value: NoInfer<T>) => number;
  /** Ends the loop when it is aborted. Default: none. */
  readonly signal?: Signal;
  /** Times `failAfter` and `stallAfter`. Default: RxJS's `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  /** Receives `Dropped`, `Failed`, `Stalled`, `Saturated` and `Clear`. Default: none. */
  readonly notices?: NextObserver<Notice<NoInfer<T>>>;
};

/**
 * A source as a loop. The source is opened when the loop begins. Asking for the next value completes the delivery of the
 * previous one, so a slow loop pauses its source (promise I2).
 *
 *     source   a-b-c-----------|
 *     loop     [a  ][b  ][c   ]       the source is paused while the buffer is full
 *
 * Leaving the loop unsubscribes from the source; the value in hand is not settled. The loop throws the error of the source,
 * and `NextPendingError`. `iterate` itself throws `OptionError` for an invalid option.
 *
 * @param source - Opened by each loop.
 * @param options - How to deliver. Default: `{ required: true }`.
 * @example
 * ```ts
 * for await (const n of iterate(numbers)) await insert(n);
 * ```
 * @see node_modules/rx-event-broker/docs/broker/iterate.md
 */
export const iterate = <T>(source: Source<T>, options: IterateOptions<T> = { required: true }): AsyncIterable<T> => {
  const read = { ...options };
  checkOption('lanes', read.lanes, noLanes);
  // checks the options; the result is cold, so nothing is opened
  void backpressure(source, { ...read, project: () => NEVER });
  return loopOver<T>((work, end) => {
    const subscription = backpressure(source, { ...read, project: work }).subscribe({
      error: (error: unknown) => end({ error }),
      complete: () => end(),
    });
    return () => subscription.unsubscribe();
  });
};
