import { Observable, Subscriber, type Observer, type Subscription } from 'rxjs';
import { writeError } from './reporter.js';

/**
 * Subscribes to `source$` until `owner` is unsubscribed. That also works inside `subscribe`: a synchronous source is cut off
 * immediately, not after its last value.
 *
 * Unsubscribing never throws. If a teardown of the user throws, `broken` gets the error. `left` is called in any case.
 */
export const subscribeOwned = <T>(
  owner: Subscription,
  source$: Observable<T>,
  observer: Partial<Observer<T>>,
  broken: (error: unknown) => void = teardownThrew,
  left?: () => void,
): Subscription =>
  new Observable<T>(subscriber => {
    isolate(subscriber, broken, left);
    owner.add(subscriber);
    if (subscriber.closed) return undefined;
    try {
      // an Observable of another library does not add its subscription to `subscriber`: returning it does that
      return source$.subscribe(subscriber);
    } catch (error) {
      // if `subscriber` has ended, a teardown threw inside `subscribe`: no observer is left for the error
      if (subscriber.closed) broken(error);
      else subscriber.error(error);
      return undefined;
    }
  }).subscribe(observer);

/** An observer that forwards to `subscriber`. Passing the `Subscriber` itself would tie the two subscriptions together. */
export const forwardTo = <T>(subscriber: Subscriber<T>): Observer<T> => ({
  next: value => subscriber.next(value),
  error: error => subscriber.error(error),
  complete: () => subscriber.complete(),
});

/** The same, but if a teardown of the consumer throws, the error is written to the console: the caller never sees it. */
export const forwardSafely = <T>(subscriber: Subscriber<T>): Observer<T> => ({
  next: value => safely(() => subscriber.next(value)),
  error: error => safely(() => subscriber.error(error)),
  complete: () => safely(() => subscriber.complete()),
});

const safely = (notify: () => void): void => {
  try {
    notify();
  } catch (error) {
    teardownThrew(error);
  }
};

/** RxJS throws the errors of teardowns at the caller of `complete`, `error` or `unsubscribe`: here `broken` gets them. */
const isolate = <T>(
  subscriber: Subscriber<T>,
  broken: (error: unknown) => void,
  left: (() => void) | undefined,
): void => {
  subscriber.unsubscribe = () => {
    if (subscriber.closed) return;
    try {
      Subscriber.prototype.unsubscribe.call(subscriber);
    } catch (error) {
      broken(error);
    }
    left?.();
  };
};

const teardownThrew = (error: unknown): void => writeError('a teardown threw', error);
