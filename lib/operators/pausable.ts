import type { MonoTypeOperatorFunction, NextObserver, Observable } from 'rxjs';
import type { Overflow } from '../flow/contract/Delivery.js';
import type { Notice } from '../flow/contract/Notice.js';
import { OptionError } from '../flow/contract/OptionError.js';
import { checkOption, having, needed } from '../flow/contract/options.js';
import { mailboxStream } from '../flow/mailboxStream.js';

/**
 * Options of `pausable`: either `skip$`, which drops, or `hold$`, which buffers.
 * @see node_modules/rx-event-broker/docs/operators/pausable.md
 */
export type PausableOptions<T> =
  | {
      /** While `true`, values are dropped. Starts `false`. */
      readonly skip$: Observable<boolean>;
      readonly hold$?: never;
      readonly capacity?: never;
      readonly overflow?: never;
    }
  | {
      /** While `true`, values are buffered. Starts `false`. */
      readonly hold$: Observable<boolean>;
      readonly skip$?: never;
      /** The most values that are buffered. Default 1024; 0 is allowed. */
      readonly capacity?: number;
      /** Which value is dropped when the buffer is full. Default `dropNewest`. */
      readonly overflow?: Overflow;
      /** Receives `Dropped` when values do not fit. Default: none. */
      readonly notices?: NextObserver<Notice<NoInfer<T>>>;
    };

/**
 * Switches a stream off and on: drops its values while `skip$` is `true`, or buffers them while `hold$` is (promise
 * O2).
 *
 *     source            a-b-c-d-e-|
 *     level             ---t---f---
 *     pausable(skip$)   a-b-----e-|       values that arrive while it is true are dropped
 *     pausable(hold$)   a-b----(cd)e-|    values that arrive while it is true are buffered, up to `capacity`
 *
 * The level starts `false`. When it completes, its last value stays; when it errors, so does the stream. If the source
 * completes while values are buffered, they are emitted when the level becomes `false`; then the stream completes. Throws
 * `OptionError`.
 *
 * @param options - Either `skip$` or `hold$`, with a `capacity` of 1024 values by default.
 * @example
 * ```ts
 * prices$.pipe(
 *   pausable({ hold$: hidden$, capacity: 100, overflow: 'dropOldest' }),
 * );
 * ```
 * @see node_modules/rx-event-broker/docs/operators/pausable.md
 */
export const pausable = <T>(options: PausableOptions<T>): MonoTypeOperatorFunction<T> => {
  checkOption('pausable', options, needed(having('an object of options')));
  const { skip$, hold$ } = options;
  if ((skip$ === undefined) === (hold$ === undefined))
    throw new OptionError('skip$, hold$', 'exactly one of them', skip$ === undefined ? 0 : 2);
  return mailboxStream<T, T>({
    operator: 'pausable',
    delivery: { ...options, required: hold$ === undefined },
    start: (value, subscriber) => {
      subscriber.next(value);
    },
  });
};
