import type { TestScheduler } from 'rxjs/testing';
import type { MarbleRun } from './MarbleRun.js';
import { errorIn, withError } from './TestMessage.js';

/**
 * Creates a promise-like value that settles in virtual time. `--a` resolves after two milliseconds with the value of `a`, `--|`
 * resolves with `undefined`, and `--#` rejects. As with a Promise, the time begins at its creation, and handlers run after the
 * caller has returned.
 *
 * Do not use it with `await` or `Promise.all`. They continue in a real microtask, after virtual time has ended.
 */
export type Promised = <T = string>(
  marbles: string,
  values?: Readonly<Record<string, T>>,
  error?: unknown,
) => PromiseLike<T>;

type Settlement =
  { readonly kind: 'resolved'; readonly value: unknown } | { readonly kind: 'rejected'; readonly error: unknown };

export const promisedIn =
  ({ scheduler }: MarbleRun): Promised =>
  <T>(...args: [marbles: string, values?: Readonly<Record<string, T>>, error?: unknown]) => {
    const [marbles, values] = args;
    const { promise, settle } = deferred(scheduler);
    const outcome$ = scheduler.createColdObservable(marbles, values);
    withError(outcome$.messages, errorIn(args, 2));
    outcome$.subscribe({
      next: value => settle({ kind: 'resolved', value }),
      error: (reason: unknown) => settle({ kind: 'rejected', error: reason }),
      complete: () => settle({ kind: 'resolved', value: undefined }),
    });
    return promise as PromiseLike<T>;
  };

const deferred = (
  scheduler: TestScheduler,
): { promise: PromiseLike<unknown>; settle: (outcome: Settlement) => void } => {
  let settled: Settlement | undefined;
  let waiting: ((outcome: Settlement) => void)[] = [];
  const whenSettled = (handler: (outcome: Settlement) => void): void => {
    if (settled === undefined) waiting.push(handler);
    else later(scheduler, () => settled && handler(settled));
  };
  const settle = (outcome: Settlement): void => {
    if (settled !== undefined) return;
    settled = outcome;
    const handlers = waiting;
    waiting = [];
    for (const handler of handlers) later(scheduler, () => handler(outcome));
  };
  const then = (
    onResolved?: ((value: unknown) => unknown) | null,
    onRejected?: ((error: unknown) => unknown) | null,
  ): unknown => {
    const following = deferred(scheduler);
    whenSettled(outcome => {
      const handler = outcome.kind === 'resolved' ? onResolved : onRejected;
      if (typeof handler !== 'function') {
        following.settle(outcome);
        return;
      }
      try {
        adopt(handler(outcome.kind === 'resolved' ? outcome.value : outcome.error), following.settle);
      } catch (error) {
        following.settle({ kind: 'rejected', error });
      }
    });
    return following.promise;
  };
  return { promise: { then } as PromiseLike<unknown>, settle };
};

/** Settles with the result of a handler. If that is a Promise, it is followed. */
const adopt = (value: unknown, settle: (outcome: Settlement) => void): void => {
  const { then } = (value ?? {}) as Partial<PromiseLike<unknown>>;
  if (typeof then !== 'function') settle({ kind: 'resolved', value });
  else
    then.call(
      value,
      v => settle({ kind: 'resolved', value: v }),
      (error: unknown) => settle({ kind: 'rejected', error }),
    );
};

const later = (scheduler: TestScheduler, run: () => void): void => {
  scheduler.schedule(run, 0);
};
