import { Observable, type Observer, type Subscription } from 'rxjs';

/**
 * Subscribes to `source$` for as long as `owner` lives. When `owner` leaves while `source$` is still inside `subscribe`
 * (a synchronous firehose), it is left at once, not after its last value.
 */
export const attach = <T>(owner: Subscription, source$: Observable<T>, observer: Observer<T>): void => {
  new Observable<T>(subscriber => {
    owner.add(subscriber);
    // an Observable of another library knows nothing of `subscriber`: what it gives is unsubscribed
    return subscriber.closed ? undefined : source$.subscribe(subscriber);
  }).subscribe(observer);
};
