import type { Subscriber } from 'rxjs';
import { close, mustBeIterator, mustBeResult } from './iterators.js';

/**
 * Reads an iterable in a loop. Returns the function that starts the loop; it does nothing while the loop runs.
 *
 * As in `for of`, an iterator is closed only if it has not ended or failed.
 */
export const pullSync = <T>(
  iterable: Iterable<T>,
  subscriber: Subscriber<T>,
  isPaused: () => boolean,
): (() => void) => {
  const iterator = mustBeIterator(iterable[Symbol.iterator]());
  let isPulling = false;
  let isOpen = true;
  // an iterator cannot be closed inside its `next`: the loop closes it after `next` has returned
  const leave = (): void => {
    if (!isOpen || isPulling) return;
    isOpen = false;
    close(() => iterator.return?.());
  };
  subscriber.add(leave);
  return () => {
    if (isPulling || !isOpen) return;
    isPulling = true;
    let isAsking = false;
    try {
      while (!isPaused() && !subscriber.closed) {
        isAsking = true;
        const result = mustBeResult(iterator.next());
        if (result.done) {
          isOpen = false;
          subscriber.complete();
          return;
        }
        const { value } = result;
        isAsking = false;
        subscriber.next(value);
      }
    } catch (error) {
      if (isAsking) isOpen = false;
      subscriber.error(error);
    } finally {
      isPulling = false;
      if (subscriber.closed) leave();
    }
  };
};
