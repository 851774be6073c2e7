import { Observable, Subject } from 'rxjs';

/** A hot source that counts its subscriptions and releases. */
export interface Watched<T> {
  readonly source: Observable<T>;
  readonly input$: Subject<T>;
  readonly count: () => { readonly subscribed: number; readonly released: number };
}

/** `onSubscribe` is called at each subscription. */
export const watched = <T>(onSubscribe: () => void = () => undefined): Watched<T> => {
  const input$ = new Subject<T>();
  let subscribed = 0;
  let released = 0;
  return {
    input$,
    count: () => ({ subscribed, released }),
    source: new Observable<T>(subscriber => {
      subscribed++;
      onSubscribe();
      subscriber.add(() => released++);
      input$.subscribe(subscriber);
    }),
  };
};
