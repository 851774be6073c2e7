import type { Subscriber } from 'rxjs';
import { close, mustBeIterator, mustBeResult } from './iterators.js';
import { OptionError } from '../contract/OptionError.js';

/** Values between two reads of the clock. */
const LOOK_EVERY = 64;
/** Milliseconds for which values may follow one another before timers and I/O get a turn. */
const LONGEST_RUN = 10;

/**
 * Asks an async iterable for one value at a time. Returns the function that asks for the next one; it does nothing while
 * a value is awaited.
 *
 * As in `for await`, an iterator is closed only if it has not ended or failed. Unlike in `for await`, values that are
 * available immediately do not block timers and I/O.
 */
export const pullAsync = <T>(
  iterable: AsyncIterable<T>,
  subscriber: Subscriber<T>,
  isPaused: () => boolean,
): (() => void) => {
  const iterator = mustBeIterator(iterable[Symbol.asyncIterator]());
  const mayGoOn = runsFor(LONGEST_RUN);
  let wasAsked = false;
  let isAsking = false;
  let hasEnded = false;
  let arrived: { readonly value: T } | undefined;

  const fail = (error: unknown): void => {
    if (hasEnded) return;
    hasEnded = true;
    subscriber.error(error);
  };
  const take = (result: IteratorResult<T>): void => {
    isAsking = false;
    if (hasEnded) return;
    try {
      if (mustBeResult(result).done) {
        hasEnded = true;
        subscriber.complete();
        return;
      }
      arrived = { value: result.value as T };
    } catch (error) {
      fail(error);
      return;
    }
    pull();
  };
  const ask = (): void => {
    isAsking = true;
    wasAsked = true;
    try {
      mustBePromise(iterator.next()).then(take, fail);
    } catch (error) {
      fail(error);
    }
  };
  const give = ({ value }: { readonly value: T }): void => {
    arrived = undefined;
    isAsking = true; // a toggle inside `next` must not pull past this value
    try {
      subscriber.next(value);
    } catch (error) {
      subscriber.error(error);
    }
    isAsking = false;
  };
  const pull = (): void => {
    if (isAsking || hasEnded || isPaused()) return;
    if (arrived !== undefined) give(arrived);
    if (hasEnded || isPaused()) return;
    if (mayGoOn()) {
      ask();
      return;
    }
    isAsking = true;
    setTimeout(() => {
      isAsking = false;
      pull();
    });
  };

  const stream = isStream(iterable) ? iterable : undefined;
  // An iterator that was never asked does not listen to its stream yet: an error would be unhandled, and the stream left open.
  stream?.on('error', error => {
    if (arrived === undefined) fail(error);
  });
  subscriber.add(() => {
    if (hasEnded) return;
    hasEnded = true;
    close(() => (wasAsked || stream === undefined ? iterator.return?.() : stream.destroy()));
  });
  return pull;
};

/** Accepts any thenable. A plain value is rejected: an iterator that returns only plain values would never end. */
const mustBePromise = <T>(promise: PromiseLike<T>): Promise<T> => {
  if (typeof (promise as Partial<PromiseLike<T>> | undefined)?.then === 'function') return Promise.resolve(promise);
  throw new OptionError('open', 'an async iterable whose next() returns a Promise', promise);
};

/** Makes a function that returns whether another value may be asked for now. If not, timers and I/O get a turn. */
const runsFor = (ms: number): (() => boolean) => {
  let left = LOOK_EVERY;
  let since = performance.now();
  return () => {
    if (--left > 0) return true;
    left = LOOK_EVERY;
    const now = performance.now();
    if (now - since < ms) return true;
    since = now;
    return false;
  };
};

/** The part of a Node stream that is used here. */
interface NodeStream {
  on(event: 'error', listener: (error: unknown) => void): unknown;
  destroy(): unknown;
}

const isStream = (iterable: object): iterable is NodeStream => {
  const { on, destroy } = iterable as Partial<NodeStream>;
  return typeof on === 'function' && typeof destroy === 'function';
};
