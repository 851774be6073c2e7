import { Observable } from 'rxjs';
import { followLevel } from '../level/followLevel.js';
import { OptionError } from '../contract/OptionError.js';
import { aFunction, checkOption, checkOptions, level, needed } from '../contract/options.js';
import { pullAsync } from './pullAsync.js';
import { pullSync } from './pullSync.js';

/**
 * Turns an iterable into a cold Observable that can be paused: values are pulled only while `pause$` is `false`.
 *
 *     pause$    ------t-----f----
 *     fromPull  -a-b-c------d-e-|
 *
 * `open` is called at each subscription; a Promise that it returns is awaited. If the subscription ends early, the
 * iterator is closed with `return()`. A synchronous iterable is read in a loop, which `pause$` may stop and start from
 * inside `next`. An asynchronous one (a Node Readable, a web stream, an async generator) is asked for one value at a
 * time. A value that arrives during a pause is emitted after the pause. So nothing is emitted while `pause$` is `true` (promise
 * B12: memory is bounded).
 *
 * Errors with the error of `open`, the iterator or `pause$`, and with `OptionError`.
 *
 * @param open - Called at each subscription; returns an iterable, synchronous or not, or a Promise of one.
 * @param options - The consumer's `pause$`; default: never paused.
 * @example
 * ```ts
 * const lines: Pausable<string> = pause$ =>
 *   fromPull(() => createInterface(createReadStream(file)), { pause$ });
 * const source: Pausable<Price> = (pause$, settlement) =>
 *   lines(pause$, settlement).pipe(map(parse));
 * broker.receive(source).subscribe();
 * ```
 * @see node_modules/rx-event-broker/docs/operators/fromPull.md
 */
export const fromPull = <T>(
  open: () => Pulled<T> | PromiseLike<Pulled<T>>,
  options: {
    /** The consumer's level: while `true`, nothing is pulled and nothing emitted. Default: never paused. */
    readonly pause$?: Observable<boolean>;
  } = {},
): Observable<T> =>
  // an error thrown here becomes the error of the Observable
  new Observable<T>(subscriber => {
    checkOption('open', open, needed(aFunction));
    checkOptions('fromPull', options, { pause$: level });
    let wasPaused = false;
    let pull = (): void => undefined;
    const { pause$ } = options;
    if (pause$ !== undefined) {
      const onChange = (level: boolean): void => {
        wasPaused = level;
        pull();
      };
      subscriber.add(followLevel(pause$, onChange, error => subscriber.error(error)));
    }
    if (subscriber.closed) return;
    const isPaused = () => wasPaused;
    const start = (iterable: unknown): void => {
      if (methodOf(iterable, Symbol.asyncIterator) !== undefined)
        pull = pullAsync(iterable as AsyncIterable<T>, subscriber, isPaused);
      else if (methodOf(iterable, Symbol.iterator) !== undefined)
        pull = pullSync(iterable as Iterable<T>, subscriber, isPaused);
      else throw new OptionError('open', 'a function that returns an iterable', iterable);
      pull();
    };
    const opened: unknown = open();
    if (isOnlyPromise(opened)) void startLater(opened, start, error => subscriber.error(error));
    else start(opened);
  });

/** Any iterable, synchronous or asynchronous. */
type Pulled<T> = Iterable<T> | AsyncIterable<T>;

/** A database query may be a Promise and an iterable: then it is read row by row, not awaited. */
const isOnlyPromise = (opened: unknown): opened is PromiseLike<unknown> =>
  methodOf(opened, Symbol.asyncIterator) === undefined &&
  methodOf(opened, Symbol.iterator) === undefined &&
  typeof (opened as Partial<PromiseLike<unknown>> | null | undefined)?.then === 'function';

/** Starts even if the consumer has unsubscribed in the meantime, because starting then closes the opened iterable. */
const startLater = async (
  opening: PromiseLike<unknown>,
  start: (iterable: unknown) => void,
  fail: (error: unknown) => void,
): Promise<void> => {
  try {
    start(await opening);
  } catch (error) {
    fail(error);
  }
};

/** As in the language, a method that is `null` is absent. */
const methodOf = (value: unknown, method: symbol): unknown =>
  (value as Readonly<Record<symbol, unknown>> | null | undefined)?.[method] ?? undefined;
