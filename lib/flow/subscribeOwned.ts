import { Observable, Subscriber, type Observer, type Subscription } from 'rxjs';
import { writeError } from './reporter.js';

/**
 * Subscribes to `source$` for as long as `owner` lives. When `owner` leaves while `source$` is still inside `subscribe`
 * (a synchronous firehose), it is left at once, not after its last value.
 *
 * Leaving never throws: what a teardown of the user's throws is given to `broken`, and then `left` is called.
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
      // an Observable of another library knows nothing of `subscriber`: what it gives is unsubscribed
      return source$.subscribe(subscriber);
    } catch (error) {
      // a teardown that throws at once does so here: there is nobody left whom an error would reach
      if (subscriber.closed) broken(error);
      else subscriber.error(error);
      return undefined;
    }
  }).subscribe(observer);

/** An observer that forwards to `subscriber`. Passing the `Subscriber` itself would make the two one subscription. */
export const forwardTo = <T>(subscriber: Subscriber<T>): Observer<T> => ({
  next: value => subscriber.next(value),
  error: error => subscriber.error(error),
  complete: () => subscriber.complete(),
});

/** RxJS runs every teardown and then throws what they threw: at whoever completes, errors or unsubscribes. */
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
