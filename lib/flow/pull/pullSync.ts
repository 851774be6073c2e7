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
  let pulling = false;
  let open = true;
  // an iterator that is running cannot be closed: the loop does it when it is back
  const leave = (): void => {
    if (!open || pulling) return;
    open = false;
    close(() => iterator.return?.());
  };
  subscriber.add(leave);
  return () => {
    if (pulling || !open) return;
    pulling = true;
    let asking = false;
    try {
      while (!isPaused() && !subscriber.closed) {
        asking = true;
        const result = mustBeResult(iterator.next());
        if (result.done) {
          open = false;
          subscriber.complete();
          return;
        }
        const { value } = result;
        asking = false;
        subscriber.next(value);
      }
    } catch (error) {
      if (asking) open = false;
      subscriber.error(error);
    } finally {
      pulling = false;
      if (subscriber.closed) leave();
    }
  };
};
