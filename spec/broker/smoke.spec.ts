import { expect, test } from '@jest/globals';
import { TestScheduler } from 'rxjs/testing';
import { delay, lastValueFrom, map, NEVER, of, range, Subject, timer, type Observable } from 'rxjs';
import { All, backpressure, eventBroker, fanOut, fromPull, ofType } from 'rx-event-broker';

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

test('program 8', () => {
  new TestScheduler((a, b) => expect(a).toEqual(b)).run(({ hot, expectObservable }) => {
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

test('a million acks behind one', async () => {
  const gate = new Subject<void>();
  let n = 0;
  const done = lastValueFrom(
    backpressure<number, number>(range(0, 1_000_000), {
      required: true,
      maxPending: Infinity,
      project: i => {
        n++;
        return i === 0 ? gate.pipe(map(() => 0)) : of(i);
      },
    }),
  );
  gate.complete();
  expect(await done).toBe(999_999);
  expect(n).toBe(1_000_000);
});

test('fan-out of a pull source into two brokers', async () => {
  const shared = fanOut<Tick>(
    pause$ =>
      fromPull(
        function* () {
          for (let i = 0; i < 10000; i++) yield tick(i);
        },
        { pause$ },
      ),
    { expectedSubscribers: 2, bufferSize: 10 },
  );
  const one = eventBroker<Tick>(),
    two = eventBroker<Tick>();
  let a = 0,
    b = 0,
    max = 0;
  one.subscribe({
    required: true,
    highWaterMark: 4,
    next: async () => {
      a++;
      await null;
      max = Math.max(max, one.snapshot().subscribers[0]!.pending);
    },
  });
  two.subscribe({
    required: true,
    types: [All],
    next: () => {
      b++;
    },
  });
  const [x, y] = await Promise.all([lastValueFrom(one.receive(shared)), lastValueFrom(two.receive(shared))]);
  expect([a, b, x.sent, y.sent]).toEqual([10000, 10000, 10000, 10000]);
  expect(max).toBeLessThanOrEqual(4);
  expect(x.subscribers[0]).toMatchObject({ offered: 10000, delivered: 10000, pending: 0 });
  expect(y.subscribers[0]).toMatchObject({ offered: 10000, delivered: 10000, pending: 0 });
});

test('stop', () => {
  const broker = eventBroker<Tick>();
  const seen: number[] = [];
  broker.subscribe({
    required: true,
    name: 'bad',
    next: t => {
      if (t.n === 2) throw new Error('no');
    },
  });
  broker.subscribe({
    required: true,
    next: t => {
      seen.push(t.n);
    },
  });
  broker.send(tick(1));
  expect(() => broker.send(tick(2))).toThrow(/bad/);
  expect(seen).toEqual([1, 2]);
  expect(() => broker.send(tick(3))).toThrow(/bad/);
  expect(broker.snapshot().subscribers).toMatchObject([{ delivered: 1, failed: 1 }, { delivered: 2 }]);
});

test('snapshot inside', () => {
  const broker = eventBroker<Tick>();
  const seen: unknown[] = [];
  broker.subscribe({ required: true, next: () => {} });
  broker.subscribe({
    required: true,
    next: () => {
      seen.push(broker.snapshot().subscribers.map(s => [s.offered, s.delivered, s.pending]));
    },
  });
  broker.subscribe({ required: true, nextBatch: () => {} });
  broker.send(tick(1));
  broker.sendBatch([tick(1), tick(2)]);
  expect(seen).toEqual([
    [
      [1, 1, 0],
      [1, 0, 1],
      [0, 0, 0],
    ],
    [
      [2, 2, 0],
      [2, 1, 1],
      [1, 1, 0],
    ],
    [
      [3, 3, 0],
      [3, 2, 1],
      [2, 1, 1],
    ],
  ]);
  NEVER;
});
