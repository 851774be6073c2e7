import {
  isObservable,
  type NextObserver,
  type Observable,
  type ObservableInput,
  type OperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import type { Delivery } from '../flow/Delivery.js';
import type { Notice } from '../flow/Notice.js';
import { aFunction, having, needed, checkOption } from '../flow/options.js';
import { checkSource, type Source } from '../flow/Source.js';
import { projected } from '../flow/Work.js';
import { through } from './through.js';

/** Options of `backpressure`: how it delivers, and what is done with each value. */
export type Projected<T, R> = Delivery<T> & {
  /** The work on a value; its results are emitted. The next value waits for its completion. */
  readonly project: (value: T) => ObservableInput<R>;
  /** Pending values past which a required one ends with `BacklogFullError`. Default 65,536. */
  readonly maxPending?: number;
  /** For `retry` and `stallAfter`. Default: RxJS's `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  readonly notices?: NextObserver<Notice<NoInfer<T>>>;
};

/**
 * One piece of work at a time, in order, behind a buffer with a bound.
 *
 *     source        a-b-c-----------|
 *     project(a)    ---x|
 *     backpressure  ---x----y----z|       required: every value, the source is paused meanwhile
 *                   ---x----z|            optional, capacity 1, dropOldest: finish, then the latest
 *
 * `backpressure(source, options)` opens the source and pauses it (promises O1, B12): pending values stay below
 * `highWaterMark` and the largest hand-over. As an operator, `backpressure(options)` cannot pause anybody: a required
 * one errors with `BacklogFullError` past `maxPending`. With `maxPending: Infinity` it equals `concatMap`, but for the
 * stack: it drains by a loop.
 *
 * An optional one drops what does not fit (B3) and says so: `missed`, `Dropped`. Work that fails ends a required one
 * with that error (`onFailure: 'continue'`: goes on); an optional one goes on. `retry` tries the same value again (B10).
 */
export function backpressure<T, R>(source: Source<T>, options: Projected<T, R>): Observable<R>;
export function backpressure<T, R>(options: Projected<T, R>): OperatorFunction<T, R>;
export function backpressure<T, R>(
  first: Source<T> | Projected<T, R>,
  second?: Projected<T, R>,
): Observable<R> | OperatorFunction<T, R> {
  if (second === undefined && !isObservable(first) && typeof first !== 'function') return delivering(first);
  checkSource(first);
  return delivering(second!)(first as Source<T>);
}

const delivering = <T, R>(options: Projected<T, R>): ((source: Source<T>) => Observable<R>) => {
  checkOption('backpressure', options, needed(having('an object of options')));
  const { project } = options;
  checkOption('project', project, needed(aFunction));
  return through<T, R>({
    operator: 'backpressure',
    delivery: options,
    start: value => projected(project.call(options, value)),
    emits: true,
  });
};
