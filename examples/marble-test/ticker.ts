import { delay, map, type Observable, of } from 'rxjs';
import { eventBroker, type Source } from 'rx-event-broker';

export type Tick = { readonly type: 'Tick'; readonly n: number };

/** The application under test: it stores every tick, and shows as many as it can while its page is visible. */
export const ticker = (source: Source<Tick>, hidden$: Observable<boolean>) => {
  const broker = eventBroker<Tick>();
  return {
    stored$: broker.stream({
      required: true,
      highWaterMark: 2,
      project: tick => of(tick).pipe(delay(3)), // the time of a database, in ms
    }),
    shown$: broker.stream({
      required: false,
      capacity: 1,
      overflow: 'dropOldest',
      skip$: hidden$,
      project: tick => of(tick).pipe(delay(5)), // the time of a drawing, in ms
    }),
    sent$: broker.receive(source).pipe(map(({ sent }) => sent)),
    broker,
  };
};
