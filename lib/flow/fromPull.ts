import { Observable } from 'rxjs';
import { followLevel } from './followLevel.js';
import { OptionError } from './OptionError.js';
import { aFunction, checkOption, checkOptions, level, needed } from './options.js';
import { pullAsync } from './pullAsync.js';
import { pullSync } from './pullSync.js';

/**
 * A cold Observable of an iterable, pulled only while `pause$` is false: a source with a brake.
 *
 *     pause$    ------t-----f----
 *     fromPull  -a-b-c------d-e-|
 *
 * `open` is called at each subscription; what it gives is closed (`return()`) when the subscription ends early. An
 * iterable is drained synchronously, in a loop that toggling `pause$` inside `next` may stop and start. Of an async one
 * (a Node Readable, a web stream, an async generator) one value is asked for at a time; a value that arrives while
 * paused waits for the end of the pause, so nothing is emitted while the level is `true` (promise B12).
 *
 * An error of `open`, of the iterator or of `pause$` is the Observable's.
 */
export const fromPull = <T>(
  open: () => Iterable<T> | AsyncIterable<T>,
  options: { readonly pause$?: Observable<boolean> } = {},
): Observable<T> =>
  // what this throws is the Observable's error
  new Observable<T>(subscriber => {
    checkOption('open', open, needed(aFunction));
    checkOptions('fromPull', options, { pause$: level });
    let paused = false;
    let pull = (): void => undefined;
    const { pause$ } = options;
    if (pause$ !== undefined) {
      const onChange = (level: boolean): void => {
        paused = level;
        pull();
      };
      subscriber.add(followLevel(pause$, onChange, error => subscriber.error(error)));
    }
    if (subscriber.closed) return;
    const isPaused = () => paused;
    const iterable = open();
    const asyncIterator = methodOf(iterable, Symbol.asyncIterator);
    if (asyncIterator !== undefined) pull = pullAsync(iterable as AsyncIterable<T>, subscriber, isPaused);
    else if (methodOf(iterable, Symbol.iterator) !== undefined)
      pull = pullSync(iterable as Iterable<T>, subscriber, isPaused);
    else throw new OptionError('open', 'a function that gives an iterable', iterable);
    pull();
  });

/** What the language takes for an absent method: `undefined` and `null`. */
const methodOf = (value: unknown, method: symbol): unknown =>
  (value as Readonly<Record<symbol, unknown>> | null | undefined)?.[method] ?? undefined;
