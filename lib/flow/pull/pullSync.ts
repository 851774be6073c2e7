import type { Subscriber } from 'rxjs';
import { close, mustBeIterator, mustBeResult } from './iterators.js';

/**
 * Drains an iterable in a loop. Gives the call that starts the loop, which does nothing while it runs.
 *
 * As in `for of`, an iterator that has ended or failed is not closed; one that is left is.
 */
export const pullSync = <T>(
  iterable: Iterable<T>,
  subscriber: Subscriber<T>,
  isPaused: () => boolean,
): (() => void) => {
  const iterator = mustBeIterator(iterable[Symbol.iterator]());
  let isPulling = false;
  let isOpen = true;
  // an iterator that is running cannot be closed: the loop does it when it is back
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
