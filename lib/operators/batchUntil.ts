import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { OpenedSource } from '../flow/contract/Pausable.js';
import { checkSource, openSource, type Source } from '../flow/contract/Source.js';
import { checkOption, checkOptions, count, needed, text } from '../flow/contract/options.js';
import { subscribeOwned } from '../flow/subscribeOwned.js';
import { BatchSettlement } from './BatchSettlement.js';
import { BatchTooLargeError } from './BatchTooLargeError.js';

/**
 * Options of `batchUntil`.
 * @see node_modules/rx-event-broker/docs/operators/batchUntil.md
 */
export interface BatchUntilOptions {
  /** The most events in a batch; one more is a `BatchTooLargeError`. Default 100,000, at least 1. */
  readonly maxSize?: number;
}

/**
 * Collects events, and emits them as one array at each event of `type`, the last one of its batch (promise B17: work can
 * be done at the end of a block).
 *
 *     source                  a-b-t-c-t-d-|       t is a TimeUpdate
 *     batchUntil('TimeUpdate') ----x---y---(z|)   x = [a, b, t], y = [c, t], z = [d]
 *
 * Completion emits the incomplete batch; an error discards it. Errors with `BatchTooLargeError` past `maxSize`. Throws
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
export function batchUntil<E extends AnyEvent>(
  type: E['type'],
  options?: BatchUntilOptions,
): OperatorFunction<E, readonly E[]>;
/**
 * The same for a source that waits for settlements: the events of a batch are settled with the batch (promise K2). The
 * operator form cannot pass settlements on.
 *
 * @param source - Opened when the result is subscribed to.
 * @param type - The type of event that ends a batch.
 * @param options - `maxSize` in events, default 100,000.
 * @example
 * ```ts
 * backpressure(batchUntil(source, 'TimeUpdate'), {
 *   required: true,
 *   project: batch => insert(batch),
 * }).subscribe();
 * ```
 * @see node_modules/rx-event-broker/docs/operators/batchUntil.md
 */
export function batchUntil<E extends AnyEvent>(
  source: Source<E>,
  type: E['type'],
  options?: BatchUntilOptions,
): OpenedSource<readonly E[]>;
export function batchUntil<E extends AnyEvent>(
  first: Source<E> | E['type'],
  second?: E['type'] | BatchUntilOptions,
  third?: BatchUntilOptions,
): OperatorFunction<E, readonly E[]> | OpenedSource<readonly E[]> {
  if (typeof first === 'string' || typeof second !== 'string') {
    const batching = batchingBy<E>(first as E['type'], second as BatchUntilOptions | undefined);
    return (source: Observable<E>) => new Observable<readonly E[]>(subscriber => batching(subscriber, source));
  }
  const source = first;
  checkSource(source);
  const batching = batchingBy<E>(second, third);
  return (pause$, settlement) =>
    new Observable<readonly E[]>(subscriber => {
      const settled = new BatchSettlement(subscriber, settlement);
      batching(subscriber, openSource(source, pause$, settled.settlement), settled);
    });
}

const batchingBy = <E extends AnyEvent>(type: E['type'], options: BatchUntilOptions = {}) => {
  checkOption('type', type, needed(text));
  checkOptions('batchUntil', options, { maxSize: count(1) });
  const { maxSize = 100_000 } = options;
  return (subscriber: Subscriber<readonly E[]>, source$: Observable<E>, settled?: BatchSettlement): void => {
    let batch: E[] = [];
    const emit = (): void => {
      const full = batch;
      batch = [];
      if (settled === undefined) subscriber.next(full);
      else settled.hand(() => subscriber.next(full));
    };
    const emitRest = (): void => {
      if (batch.length > 0) emit();
    };
    if (settled !== undefined) settled.ended = emitRest;
    subscribeOwned(subscriber, source$, {
      next: event => {
        settled?.take();
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
        emitRest();
        if (settled === undefined) subscriber.complete();
        else settled.complete();
      },
    });
  };
};
