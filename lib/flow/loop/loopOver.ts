import { Observable, type Subscriber } from 'rxjs';
import { NextPendingError } from './NextPendingError.js';

/** Starts consuming: calls `work` with one value at a time, and `end` at the end. Returns a function that unsubscribes. */
type Open<T> = (work: (value: T) => Observable<never>, end: (failure?: Failure) => void) => () => void;

interface Failure {
  readonly error: unknown;
}

interface Asked<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

const DONE = { done: true, value: undefined } as const;

/**
 * A consumer as a loop (promise I2): the work on a value lasts until the loop asks for the next one.
 *
 *     deliveries   a-----------b---
 *     next()       ^     ^     |        the second call completes the work on a, and waits for b
 *     work on a    [-----]
 */
export const loopOver = <T>(open: Open<T>): AsyncIterable<T> => ({
  [Symbol.asyncIterator]: () => {
    let asked: Asked<T> | undefined;
    let inHand: { readonly value: T; readonly work: Subscriber<never>; isGiven: boolean } | undefined;
    let end: 'done' | Failure | undefined;

    const answer = (): void => {
      if (asked === undefined) return;
      const { resolve, reject } = asked;
      if (inHand !== undefined) {
        inHand.isGiven = true;
        resolve({ done: false, value: inHand.value });
      } else if (end === undefined) return;
      else if (end === 'done') resolve(DONE);
      else {
        reject(end.error);
        end = 'done'; // the error is thrown once
      }
      asked = undefined;
    };
    const leave = open(
      value =>
        new Observable(work => {
          const delivery = { value, work, isGiven: false };
          inHand = delivery;
          work.add(() => {
            if (inHand === delivery) inHand = undefined;
          });
          answer();
        }),
      failure => {
        end ??= failure ?? 'done';
        answer();
      },
    );
    return {
      next: () => {
        if (asked !== undefined) return Promise.reject(new NextPendingError());
        return new Promise((resolve, reject) => {
          asked = { resolve, reject };
          if (inHand?.isGiven === true) inHand.work.complete();
          answer();
        });
      },
      return: () => {
        end = 'done';
        leave();
        answer();
        return Promise.resolve(DONE);
      },
    };
  },
});
