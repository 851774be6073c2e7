import { defer, EMPTY, from, observable, type InteropObservable, type Observable, type ObservableInput } from 'rxjs';

/** What a handler may return to be waited for. Not an iterable: `map.set(…)` and `'text'` are those by accident. */
export type Work = void | PromiseLike<unknown> | Observable<unknown> | InteropObservable<unknown>;

/** Whether what a handler returned is to be waited for (promise B2): a Promise or an Observable, and nothing else. */
export const isWork = (result: unknown): result is PromiseLike<unknown> | InteropObservable<unknown> => {
  if ((typeof result !== 'object' || result === null) && typeof result !== 'function') return false;
  const { then } = result as { then?: unknown };
  return typeof then === 'function' || typeof (result as Record<PropertyKey, unknown>)[observable] === 'function';
};

/**
 * How a delivery went that is not waited for: its work is not begun. A Promise runs all the same; that it is rejected is
 * nobody's business then, and must not end the process (promise B10). Other thenables may begin when they are asked.
 */
export const abandon = (outcome: () => unknown): void => {
  try {
    const result = outcome();
    if (Object.prototype.toString.call(result) === '[object Promise]')
      (result as Promise<unknown>).catch(() => undefined);
  } catch {
    // it threw: counted by the caller
  }
};

/** Work as an Observable that emits nothing of interest and completes when it is done. */
export const workOf = (result: unknown): Observable<unknown> =>
  from(isWork(result) ? (result as ObservableInput<unknown>) : []);

/** The work of `outcome`. Where that is no longer wanted it does not come to be, or, if it ended that itself, its work is not begun. */
export const wantedWork = (outcome: () => unknown, wanted: () => boolean): Observable<unknown> =>
  defer(() => {
    if (!wanted()) return EMPTY;
    const result = outcome();
    if (wanted()) return workOf(result);
    abandon(() => result);
    return EMPTY;
  });
