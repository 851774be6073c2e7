import { concat, defer, finalize, ignoreElements, merge, Subject, switchMap, type Observable } from 'rxjs';
import { eventBroker, replay, type AnyEvent, type EventBroker } from 'rx-event-broker';

/** The events that the broker keeps. */
const KEPT = 3;

/**
 * Sends the source through a broker, and emits what a late `stream` of it emits. The stream is subscribed to inside the
 * handler of the third event, or when the source has completed. The broker keeps the events until then, so none is missing.
 */
export const joinsLate =
  <E extends AnyEvent>(stream: (broker: EventBroker<E>) => Observable<E>) =>
  (source: Observable<E>): Observable<E> =>
    defer(() => {
      const broker = eventBroker<E>({ replay: replay({ events: KEPT }) });
      const late$ = new Subject<void>();
      const join = (): void => {
        late$.next();
        late$.complete();
      };
      let sent = 0;
      broker.subscribe({
        required: false,
        next: () => {
          if (++sent === KEPT) join();
        },
      });
      const ended$ = defer(() => {
        join();
        return broker.drain();
      });
      return merge(
        late$.pipe(switchMap(() => stream(broker))),
        concat(broker.receive(source), ended$).pipe(ignoreElements()),
      ).pipe(finalize(() => broker.close()));
    });
