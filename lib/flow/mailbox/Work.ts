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
 * What a handler may return. A Promise or an Observable is waited for; any other value means that the work has
 * finished.
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

/** The Observable of the platform (Chrome, RxJS 9): left by a signal, its `subscribe` returns nothing. */
interface PlatformObservable {
  subscribe(observer: Observer<unknown>, options: { readonly signal: AbortSignal }): unknown;
}

/**
 * Whether what a handler returned is to be waited for (promise B2): a Promise or an Observable, and nothing else. An
 * Observable is of any copy of RxJS, of another library, or the platform's. A thing that merely has `subscribe` (a store
 * of redux, zustand or svelte) would never complete. Throws what a getter of `result` throws.
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

/** The key under which it gives an Observable: a copy of RxJS that was loaded before a polyfill has the text. */
const interopKey = (value: object): PropertyKey | undefined =>
  [(Symbol as { readonly observable?: symbol }).observable, '@@observable'].find(
    key => key !== undefined && hasMethod(value, key),
  );

/** Work as an Observable that emits what the work emits, and completes when it is done. */
export const workOf = (result: unknown): Observable<unknown> => {
  if (!isWork(result)) return EMPTY;
  if (isObservable(result)) return result;
  if (isThenable(result)) return fromThenable(result);
  const key = interopKey(result);
  return key === undefined ? fromSubscribable(result) : from(fromInterop(result, key));
};

/**
 * What a `project` gave, as work: all that RxJS takes. A Promise stays one, so that work that is not begun after all can
 * take its rejection (see `ignoreOutcome`).
 */
export const projected = (input$: ObservableInput<unknown>): object => (isWork(input$) ? input$ : from(input$));

/** Unlike `from`, it takes a `then` that returns nothing. */
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

/** The same under the key that this copy of RxJS looks for. */
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
 * Handles the rejection of work that is not waited for, because its delivery was closed before the work began. A
 * rejection that nobody handles would end the process (promise B10).
 */
export const ignoreOutcome = (work: unknown): void => catchRejection(work, () => undefined);

/** A Promise whose `then` is the platform's, as `async` functions return it: it calls back once, later. */
export const isPromise = (work: unknown): work is Promise<unknown> =>
  work instanceof Promise && work.then === Promise.prototype.then;
