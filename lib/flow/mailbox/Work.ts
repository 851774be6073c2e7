import {
  EMPTY,
  from,
  isObservable,
  Observable,
  observable,
  type InteropObservable,
  type ObservableInput,
  type Observer,
} from 'rxjs';
import { catchRejection } from '../catchRejection.js';
import { forwardTo } from '../subscribeOwned.js';

/**
 * What a handler may return. The next delivery waits for a Promise or an Observable; any other value means that the work
 * has finished.
 *
 * Other objects do not compile: an array of Promises, for example, would not be waited for.
 */
export type Work =
  | void
  | null
  | string
  | number
  | bigint
  | boolean
  | symbol
  | PromiseLike<unknown>
  | Observable<unknown>
  | InteropObservable<unknown>;

/** The Observable of the platform (Chrome, RxJS 9). A signal unsubscribes from it; `subscribe` returns nothing. */
interface PlatformObservable {
  subscribe(observer: Observer<unknown>, options: { readonly signal: AbortSignal }): unknown;
}

/**
 * Whether a handler returned work to wait for (promise B2): a Promise or an Observable. The Observable may come from any
 * copy of RxJS, another library, or the platform. An object that merely has `subscribe` (a store of redux, zustand or
 * svelte) is no work: it would never complete. Throws what a getter of `result` throws.
 */
export const isWork = (result: unknown): result is object =>
  ((typeof result === 'object' && result !== null) || typeof result === 'function') &&
  (isThenable(result) || isObservableLike(result));

export const isThenable = (value: object): value is PromiseLike<unknown> => hasMethod(value, 'then');

const isObservableLike = (value: object): boolean =>
  interopKey(value) !== undefined || (hasMethod(value, 'subscribe') && (hasMethod(value, 'pipe') || isPlatform(value)));

const isPlatform = (value: object): value is PlatformObservable => hasMethod(value, 'takeUntil');

const hasMethod = (value: object, key: PropertyKey): boolean =>
  typeof (value as Record<PropertyKey, unknown>)[key] === 'function';

/** The interop key under which `value` has an Observable. A copy of RxJS loaded before a polyfill uses the string. */
const interopKey = (value: object): PropertyKey | undefined =>
  [(Symbol as { readonly observable?: symbol }).observable, '@@observable'].find(
    key => key !== undefined && hasMethod(value, key),
  );

/** Work as an Observable, with the same values and the same end. */
export const workOf = (result: unknown): Observable<unknown> => {
  if (!isWork(result)) return EMPTY;
  if (isObservable(result)) return result;
  if (isThenable(result)) return fromThenable(result);
  const key = interopKey(result);
  return key === undefined ? fromSubscribable(result) : from(fromInterop(result, key));
};

/**
 * Turns the result of `project`, any `ObservableInput`, into work. A Promise stays a Promise: if it is not waited for after
 * all, `ignoreOutcome` can handle its rejection.
 */
export const projected = (input$: ObservableInput<unknown>): object => (isWork(input$) ? input$ : from(input$));

/** Unlike `from`, accepts a `then` that returns nothing. */
const fromThenable = (work: PromiseLike<unknown>): Observable<unknown> =>
  new Observable(subscriber => {
    work.then(
      value => {
        subscriber.next(value);
        subscriber.complete();
      },
      (error: unknown) => {
        subscriber.error(error);
      },
    );
  });

/** Gives `work` the interop key that this copy of RxJS looks for. */
const fromInterop = (work: object, key: PropertyKey): ObservableInput<unknown> =>
  ({
    [observable]: () => (work as Record<PropertyKey, () => unknown>)[key]?.(),
  }) as unknown as ObservableInput<unknown>;

const fromSubscribable = (work: object): Observable<unknown> =>
  new Observable(subscriber => {
    const observer = forwardTo(subscriber);
    if (isPlatform(work)) {
      const left = new AbortController();
      subscriber.add(() => left.abort());
      work.subscribe(observer, left);
    } else subscriber.add((work as Observable<unknown>).subscribe(observer));
  });

/**
 * Handles the rejection of work that nothing waits for, such as that of a cancelled delivery. An unhandled rejection would
 * end the process (promise B10).
 */
export const ignoreOutcome = (work: unknown): void => catchRejection(work, () => undefined);

/** Whether `work` is a Promise with the platform's `then`, as from an `async` function: it calls back once, and later. */
export const isPromise = (work: unknown): work is Promise<unknown> =>
  work instanceof Promise && work.then === Promise.prototype.then;
