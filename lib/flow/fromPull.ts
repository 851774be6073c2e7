import { Observable, type Subscriber } from 'rxjs';
import { followLevel } from './followLevel.js';
import { OptionError } from './OptionError.js';

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
  new Observable<T>(subscriber => {
    if (typeof open !== 'function') throw new OptionError('open', 'a function that gives an iterable', open);
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
    let iterable;
    try {
      iterable = open();
    } catch (error) {
      subscriber.error(error);
      return;
    }
    const isPaused = () => paused;
    pull = isAsync(iterable)
      ? pullAsync(iterable[Symbol.asyncIterator](), subscriber, isPaused)
      : pullSync(iterable[Symbol.iterator](), subscriber, isPaused);
    pull();
  });

const isAsync = <T>(iterable: Iterable<T> | AsyncIterable<T>): iterable is AsyncIterable<T> =>
  (iterable as Partial<AsyncIterable<T>>)[Symbol.asyncIterator] !== undefined;

const pullSync = <T>(iterator: Iterator<T>, subscriber: Subscriber<T>, isPaused: () => boolean): (() => void) => {
  let pulling = false;
  let open = true;
  // an iterator that is running cannot be closed: the loop does it when it is back
  const close = () => {
    if (!open || pulling) return;
    open = false;
    iterator.return?.();
  };
  subscriber.add(close);
  return () => {
    if (pulling || !open) return;
    pulling = true;
    try {
      while (!isPaused() && !subscriber.closed) {
        const result = iterator.next();
        if (result.done === true) {
          open = false;
          subscriber.complete();
        } else subscriber.next(result.value);
      }
    } catch (error) {
      open = false;
      subscriber.error(error);
    }
    pulling = false;
    if (subscriber.closed) close();
  };
};

const pullAsync = <T>(iterator: AsyncIterator<T>, subscriber: Subscriber<T>, isPaused: () => boolean): (() => void) => {
  let asking = false;
  let ended = false;
  let arrived: { readonly value: T } | undefined;
  const fail = (error: unknown) => {
    ended = true;
    subscriber.error(error);
  };
  subscriber.add(() => {
    if (!ended) iterator.return?.().catch(() => undefined);
    ended = true;
  });
  const pull = (): void => {
    if (asking || ended || isPaused()) return;
    if (arrived !== undefined) {
      const { value } = arrived;
      arrived = undefined;
      asking = true; // a toggle inside `next` must not pull past this value
      subscriber.next(value);
      asking = false;
      pull();
      return;
    }
    asking = true;
    iterator.next().then(result => {
      asking = false;
      if (ended) return;
      if (result.done === true) {
        ended = true;
        subscriber.complete();
      } else {
        arrived = { value: result.value };
        pull();
      }
    }, fail);
  };
  return pull;
};
