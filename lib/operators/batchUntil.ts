import { Observable, type OperatorFunction } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import { subscribeOwned } from '../flow/subscribeOwned.js';
import { checkOption, checkOptions, count, needed, text } from '../flow/contract/options.js';
import { BatchTooLargeError } from './BatchTooLargeError.js';

/**
 * Collects events and emits them as one array at each event of `type`, which is the last of its batch (promise B17:
 * work can be done at the end of a block).
 *
 *     source                  a-b-t-c-t-d-|       t is a TimeUpdate
 *     batchUntil('TimeUpdate') ----x---y---(z|)   x = [a, b, t], y = [c, t], z = [d]
 *
 * Completion emits the rest; an error discards it. Errors with `BatchTooLargeError` past `maxSize`. Throws
 * `OptionError`.
 *
 * @param type - The type of event that ends a batch.
 * @param options - `maxSize` in events, default 100,000.
 * @example
 * ```ts
 * events$
 *   .pipe(batchUntil('TimeUpdate', { maxSize: 10_000 }))
 *   .subscribe(batch => insert(batch));
 * ```
 * @see node_modules/rx-event-broker/docs/operators/batchUntil.md
 */
export const batchUntil = <E extends AnyEvent>(
  type: E['type'],
  options: {
    /** The most events in a batch; one more is a `BatchTooLargeError`. Default 100,000, at least 1. */
    readonly maxSize?: number;
  } = {},
): OperatorFunction<E, readonly E[]> => {
  checkOption('type', type, needed(text));
  checkOptions('batchUntil', options, { maxSize: count(1) });
  const { maxSize = 100_000 } = options;
  return source =>
    new Observable(subscriber => {
      let batch: E[] = [];
      const emit = (): void => {
        const full = batch;
        batch = [];
        subscriber.next(full);
      };
      subscribeOwned(subscriber, source, {
        next: event => {
          if (batch.length === maxSize) {
            subscriber.error(new BatchTooLargeError(type, maxSize));
            return;
          }
          batch.push(event);
          let ends;
          try {
            ends = event.type === type;
          } catch (error) {
            subscriber.error(error);
            return;
          }
          if (ends) emit();
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          if (batch.length > 0) emit();
          subscriber.complete();
        },
      });
    });
};
