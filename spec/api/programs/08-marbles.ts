// 8. A marble test of an application's composition in virtual time.
import { delay, map, of, timer, type Observable } from 'rxjs';
import { eventBroker, ofType } from 'rx-event-broker';
import { runMarbles } from 'rx-event-broker/testing';

type Tick = { readonly type: 'Tick'; readonly n: number };
const tick = (n: number): Tick => ({ type: 'Tick', n });
const ticks = { a: tick(1), b: tick(2), c: tick(3), d: tick(4), e: tick(5) };

function app(source$: Observable<Tick>, hidden$: Observable<boolean>) {
  const broker = eventBroker<Tick>();
  return {
    broker,
    stored$: broker.stream({ required: true, types: ['Tick'], project: t => of(t).pipe(delay(3)) }),
    drawn$: broker.stream({
      required: false,
      types: ['Tick'],
      capacity: 1,
      skip$: hidden$,
      project: t => of(t).pipe(delay(5)),
    }),
    run$: broker.receive(source$),
  };
}

test('a slow ledger loses nothing; a slow chart drops events, and knows it', () => {
  runMarbles(({ hot, expectObservable }) => {
    const { broker, stored$, drawn$, run$ } = app(
      hot('abc-----de|', ticks),
      hot('-------t---f', { t: true, f: false }),
    );

    expectObservable(stored$).toBe('---a--b--c--d--e', ticks);
    expectObservable(drawn$).toBe('-----a----b', ticks);
    expectObservable(
      broker.notices$.pipe(
        ofType('Dropped'),
        map(n => n.first),
      ),
    ).toBe('--c', ticks);
    expectObservable(timer(11).pipe(map(() => broker.snapshot().subscribers[1]?.skipped))).toBe('-----------(s|)', {
      s: 2,
    });
    expectObservable(run$.pipe(map(s => s.sent))).toBe('---------------(n|)', { n: 5 });
  });
});

declare function test(name: string, body: () => void): void;
