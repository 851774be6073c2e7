import type { MonoTypeOperatorFunction, NextObserver, Observable } from 'rxjs';
import type { Overflow } from '../flow/Delivery.js';
import type { Notice } from '../flow/Notice.js';
import { OptionError } from '../flow/OptionError.js';
import { checkOption, having, needed } from '../flow/options.js';
import { through } from './through.js';

/** Options of `pausable`: a level that skips, or one that holds within a bound. */
export type PausableOptions<T> =
  | {
      readonly skip$: Observable<boolean>;
      readonly hold$?: never;
      readonly capacity?: never;
      readonly overflow?: never;
    }
  | {
      readonly hold$: Observable<boolean>;
      readonly skip$?: never;
      /** Values held at most. Default 1024. */
      readonly capacity?: number;
      /** Default `dropNewest`. */
      readonly overflow?: Overflow;
      readonly notices?: NextObserver<Notice<NoInfer<T>>>;
    };

/**
 * A stream with a switch (promise O2).
 *
 *     source            a-b-c-d-e-|
 *     level             ---t---f---
 *     pausable(skip$)   a-b-----e-|       values while true are gone
 *     pausable(hold$)   a-b----(cd)e-|    values while true are kept, within `capacity`
 *
 * A level starts `false`; when it completes the last level stays; when it errors, so does the stream. A source that
 * completes while values are held: they are emitted at the end of the hold, then it completes.
 */
export const pausable = <T>(options: PausableOptions<T>): MonoTypeOperatorFunction<T> => {
  checkOption('pausable', options, needed(having('an object of options')));
  const { skip$, hold$ } = options;
  if ((skip$ === undefined) === (hold$ === undefined))
    throw new OptionError('skip$, hold$', 'one of them', skip$ === undefined ? 0 : 2);
  return through<T, T>({
    operator: 'pausable',
    delivery: { ...options, required: hold$ === undefined },
    start: (value, subscriber) => {
      subscriber.next(value);
    },
    emits: false,
  });
};
