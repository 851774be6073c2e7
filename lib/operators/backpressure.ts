import {
  isObservable,
  type NextObserver,
  type Observable,
  type ObservableInput,
  type OperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import type { Delivery } from '../flow/contract/Delivery.js';
import type { Inspector } from '../flow/contract/Inspector.js';
import type { Notice } from '../flow/contract/Notice.js';
import type { Projection } from '../flow/contract/Projection.js';
import { aFunction, having, needed, checkOption } from '../flow/contract/options.js';
import type { Signal } from '../flow/contract/Signal.js';
import { checkSource, type Source } from '../flow/contract/Source.js';
import { projected } from '../flow/mailbox/Work.js';
import { mailboxStream } from '../flow/mailboxStream.js';

/**
 * Options of `backpressure`: how it delivers, and the work on each value.
 * @see node_modules/rx-event-broker/docs/operators/backpressure.md
 */
export type Projected<T, R> = Delivery<T> &
  Projection<T, R> & {
    /**
     * With `required: true` and a source that cannot be paused: the most values that may be pending. Beyond that the result
     * errors with `BacklogFullError`. Default 65,536, at least 1.
     */
    readonly maxPending?: number;
    /**
     * Returns the size of a value in bytes; called when the value arrives. If it throws, or returns anything but a number of
     * at least 0, the delivery of that value fails (promise B18). Default: none; `highWaterMarkBytes` and `capacityBytes`
     * need it.
     */
    readonly sizeOf?: (value: NoInfer<T>) => number;
    /**
     * Aborting it unsubscribes from the source, drops what has not begun, and completes the result (promise I1). If it is
     * already aborted, the source is not opened. Default: none.
     */
    readonly signal?: Signal;
    /** Times `retry`, `failAfter` and `stallAfter`. Default: RxJS's `asyncScheduler`. */
    readonly scheduler?: SchedulerLike;
    /**
     * Receives `Dropped`, `Failed`, `Stalled`, `Saturated` and `Clear`. Default: none; failures go to `console.error`.
     */
    readonly notices?: NextObserver<Notice<NoInfer<T>>>;
    /** Records what happens (promise Y1): an `inspector()` of `rx-event-broker/inspect`. Default: nothing is recorded. */
    readonly inspect?: Inspector;
  };

/**
 * Works on one value at a time, in order, with a bounded buffer in front of the work. A full buffer pauses the source.
 *
 *     source        a-b-c-----------|
 *     project(a)    ---x|
 *     backpressure  ---x----y----z|       required: every value; the source is paused while the buffer is full
 *                   ---x----z|            optional, capacity 1, dropOldest: finish, then the latest
 *
 * With `required: true` every value is delivered (promise B12: pending values stay below `highWaterMark` plus the largest
 * hand-over). A failure errors the result, unless `onFailure` is `'continue'`. With `required: false`, values that do not
 * fit are dropped, passed to `missed` as a gap, and reported as `Dropped`; a failure does not end it. `retry` tries the
 * same value again.
 *
 * Errors with the error of the source or of the work, and with `BacklogFullError` if the source cannot be paused.
 * Throws `OptionError`.
 *
 * @param source - Opened when the result is subscribed to.
 * @param options - How to deliver, and `project`: the work on each value.
 * @example
 * ```ts
 * backpressure(pause$ => fromPull(readRows, { pause$ }), {
 *   required: true,
 *   highWaterMark: 100,
 *   project: row => insert(row),
 * }).subscribe();
 * ```
 * @see node_modules/rx-event-broker/docs/operators/backpressure.md
 */
export function backpressure<T, R>(source: Source<T>, options: Projected<T, R>): Observable<R>;
/**
 * The same as an operator, for a source that cannot be paused. With `required: true`, more than `maxPending` pending values
 * are a `BacklogFullError`. With `maxPending: Infinity` too, it equals `concatMap`, but does not grow the stack.
 *
 * @param options - How to deliver, and `project`: the work on each value.
 * @example
 * ```ts
 * clicks$.pipe(
 *   backpressure({
 *     required: false,
 *     capacity: 1,
 *     overflow: 'dropOldest',
 *     project: click => load(click),
 *   }),
 * );
 * ```
 * @see node_modules/rx-event-broker/docs/operators/backpressure.md
 */
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
  const call = project as (value: T, signal?: Signal) => ObservableInput<R>;
  return mailboxStream<T, R>({
    operator: 'backpressure',
    delivery: options,
    start: (value, _, signal) =>
      projected(signal === undefined ? call.call(options, value) : call.call(options, value, signal)),
    emits: true,
  });
};
