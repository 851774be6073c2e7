import { defer, Observable, of, Subject, tap, throwError } from 'rxjs';
import type { Shape } from './World.js';

/** What can be done to work that is waited for. */
export interface Waiting {
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** What the work of one delivery does as it goes on. */
export interface Hooks {
  readonly begun: (waiting: Waiting) => void;
  readonly done: () => void;
  readonly failed: () => void;
  readonly cut: () => void;
  /** Its teardown runs, and throws after that. */
  readonly tears: () => void;
  /** An error to throw. */
  readonly error: () => unknown;
}

/** An object with a `then` that throws when it is read. */
export const getterThrows = ({ failed, error }: Hooks): object =>
  Object.defineProperty({}, 'then', {
    get: () => {
      failed();
      throw error();
    },
  });

/** An object with a `then` that throws when it is called. */
export const thenThrows = ({ failed, error }: Hooks): object => ({
  then: () => {
    failed();
    throw error();
  },
});

type Ends = 'later' | 'instant' | 'instantFail';

/** Work of a shape that ends some time, or within its subscription. */
export const returned = (shape: Shape, ends: Ends, hooks: Hooks): unknown => {
  if (shape === 'thenable') return thenable(ends, hooks);
  if (shape === 'promise' && ends === 'later') return promised(hooks);
  const work$ = working(ends, hooks);
  if (shape === 'observable') return work$;
  return torn(work$, () => {
    hooks.tears();
    return hooks.error();
  });
};

/** `source$`, but its teardown throws. RxJS's `finalize` does not throw if the source ends within its subscription. */
export const torn = <T>(source$: Observable<T>, error: () => unknown): Observable<T> =>
  new Observable(subscriber => {
    subscriber.add(
      source$.subscribe({
        next: value => subscriber.next(value),
        error: thrown => subscriber.error(thrown),
        complete: () => subscriber.complete(),
      }),
    );
    return () => {
      throw error();
    };
  });

/** Its `then` returns nothing, and calls back within the call if it can. */
const thenable = (ends: Ends, { begun, done, failed, error }: Hooks): object => ({
  then: (resolve: (value: unknown) => void, reject: (error: unknown) => void): void => {
    switch (ends) {
      case 'later':
        begun({ done: () => resolve(1), failed: reject });
        break;
      case 'instant':
        done();
        resolve(1);
        break;
      case 'instantFail':
        failed();
        reject(error());
    }
  },
});

const promised = ({ begun }: Hooks): Promise<unknown> =>
  new Promise((resolve, reject: (error: unknown) => void) => begun({ done: () => resolve(1), failed: reject }));

const working = (ends: Ends, { begun, done, failed, cut, error }: Hooks): Observable<unknown> => {
  switch (ends) {
    case 'later': {
      const subject = new Subject<void>();
      return defer(() => {
        begun({ done: () => subject.complete(), failed: thrown => subject.error(thrown) });
        return subject;
      }).pipe(tap({ unsubscribe: cut }));
    }
    case 'instant':
      return defer(() => {
        done();
        return of(1);
      });
    case 'instantFail':
      return defer(() => {
        failed();
        return throwError(error);
      });
  }
};
