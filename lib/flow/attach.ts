import { Subject, takeUntil, type Observable, type Observer, type Subscription } from 'rxjs';

/**
 * Subscribes to `source$` for as long as `owner` lives. When `owner` leaves while `source$` is still inside `subscribe`
 * (a synchronous firehose), it is left at once, not after its last value.
 */
export const attach = <T>(owner: Subscription, source$: Observable<T>, observer: Observer<T>): void => {
  const left$ = new Subject<void>();
  owner.add(() => {
    left$.next();
  });
  owner.add(
    source$.pipe(takeUntil(left$)).subscribe({
      next: value => {
        observer.next(value);
      },
      error: (error: unknown) => {
        observer.error(error);
      },
      complete: () => {
        if (!owner.closed) observer.complete();
      },
    }),
  );
};
