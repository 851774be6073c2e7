import { describe, expect, test } from '@jest/globals';
import { from, NEVER, of, Subject } from 'rxjs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { eventBroker } from '../../lib/broker/eventBroker.js';
import { backpressure } from '../../lib/operators/backpressure.js';
import { a, type Tick } from './ticks.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('capacity', () => {
  test.each([
    [0, [1]],
    [1, [1, 2]],
    [2, [1, 2, 3]],
  ])('B3c B3d B3e %i: that many wait beside the one in flight', (capacity, kept) => {
    const broker = eventBroker<Tick>();
    const seen: number[] = [];
    const work$ = new Subject<void>();
    broker.subscribe({
      required: false,
      capacity,
      next: ({ n }) => {
        seen.push(n);
        return n === 1 ? work$ : undefined;
      },
    });
    for (const n of [1, 2, 3, 4]) broker.send(a(n));
    expect(broker.snapshot().subscribers).toMatchObject([{ pending: kept.length, dropped: 4 - kept.length }]);
    work$.complete();
    expect(seen).toEqual(kept);
  });

  test('B3c by default 1024 wait beside the one in flight', () => {
    const broker = eventBroker<Tick>();
    broker.subscribe({ required: false, stallAfter: Infinity, next: () => NEVER });
    for (let n = 0; n < 1030; n++) broker.send(a(n));
    expect(broker.snapshot().subscribers).toMatchObject([{ pending: 1025, dropped: 5 }]);
    broker.close();
  });

  test.each(['dropNewest', 'dropOldest'] as const)(
    'B3f B3g a batch above the capacity needs an idle one: %s',
    overflow => {
      const broker = eventBroker<Tick>();
      const sizes: number[] = [];
      const work$ = new Subject<void>();
      const nextBatch = (events: readonly Tick[]) => (sizes.push(events.length), work$);
      broker.subscribe({ required: false, capacity: 2, overflow, stallAfter: Infinity, nextBatch });
      broker.sendBatch([a(1), a(2), a(3)]);
      broker.sendBatch([a(4), a(5), a(6)]);
      expect(broker.snapshot().subscribers).toMatchObject([{ pending: 3, dropped: 3 }]);
      work$.complete();
      broker.sendBatch([a(7), a(8), a(9)]);
      expect(sizes).toEqual([3, 3]);
      expect(broker.snapshot().subscribers).toMatchObject([{ delivered: 6, dropped: 3 }]);
    },
  );

  test('B3k unsubscribing after a dropped event closes the gap with its totals', () => {
    const broker = eventBroker<Tick>();
    const notices: unknown[] = [];
    broker.notices$.subscribe(notice => notices.push(notice));
    const subscription = broker.subscribe({ required: false, capacity: 0, next: () => NEVER });
    for (const n of [1, 2, 3]) broker.send(a(n));
    subscription.unsubscribe();
    expect(notices).toMatchObject([
      { type: 'Subscribed' },
      { type: 'Dropped', open: true, count: 1, first: a(2) },
      { type: 'Dropped', open: false, count: 2, first: a(2), last: a(3), reason: 'overflow' },
      { type: 'Closed', tally: { offered: 3, dropped: 2, failed: 1 }, unfinished: [a(1)] },
    ]);
  });

  test('B3l dropped events can be garbage-collected, except the first and the last of a gap', async () => {
    const broker = eventBroker<Tick>();
    broker.subscribe({ required: false, capacity: 0, stallAfter: Infinity, next: () => NEVER });
    const refs = [1, 2, 3, 4, 5].map(n => {
      const event = a(n);
      broker.send(event);
      return new WeakRef(event);
    });
    await new Promise(resolve => setImmediate(resolve));
    collect();
    expect(refs.map(ref => ref.deref()?.n)).toEqual([1, 2, undefined, undefined, 5]);
    broker.close();
  });
});

describe('handlers', () => {
  test('B6b unsubscribing a subscriber whose work never completes unblocks all others', () => {
    const broker = eventBroker<Tick>();
    const stuck = broker.subscribe({ required: true, highWaterMark: 1, next: () => NEVER });
    expect(broker.send(a(1))).toBe(false);
    stuck.unsubscribe();
    expect(broker.send(a(2))).toBe(true);
    expect(broker.snapshot()).toMatchObject({ saturated: false, sent: 2, unrouted: 1 });
  });

  test('B2e a Set, a Map, a string or an array that a handler returns is not waited for', () => {
    const broker = eventBroker<Tick>();
    const results: unknown[] = [new Set([1]), new Map(), 'text', [Promise.resolve()], 0, null];
    broker.subscribe({ required: true, next: () => results.shift() as undefined });
    for (const n of [1, 2, 3, 4, 5, 6]) broker.send(a(n));
    expect(broker.snapshot().subscribers).toMatchObject([{ delivered: 6, pending: 0 }]);
  });

  test('B2g an instance of a class can be a subscriber, and keeps its fields', () => {
    class Counter {
      readonly required = true;
      count = 0;
      next({ n }: Tick): void {
        this.count += n;
      }
    }
    const counter = new Counter();
    const broker = eventBroker<Tick>();
    broker.subscribe(counter);
    broker.send(a(2));
    broker.send(a(3));
    expect(counter.count).toBe(5);
  });

  test('B1f B5a B5b B5c skip$ toggled inside a delivery: the next event is skipped, the one in flight is delivered', () => {
    const broker = eventBroker<Tick>();
    const skip$ = new Subject<boolean>();
    const seen: number[] = [];
    broker.subscribe({
      required: true,
      skip$,
      next: ({ n }) => {
        seen.push(n);
        skip$.next(true);
      },
    });
    for (const n of [1, 2, 3]) {
      broker.send(a(n));
      if (n === 2) skip$.next(false);
    }
    expect(seen).toEqual([1, 3]);
    expect(broker.snapshot().subscribers).toMatchObject([{ id: 1, key: 1, offered: 3, delivered: 2, skipped: 1 }]);
  });

  test.each(['skip$', 'hold$'] as const)('B5g %s that completes keeps its last level', level => {
    const broker = eventBroker<Tick>();
    const seen: number[] = [];
    for (const last of [true, false])
      broker.subscribe({ required: true, [level]: of(true, last), next: ({ n }) => void seen.push(last ? -n : n) });
    broker.send(a(1));
    expect(seen).toEqual([1]);
    const [on] = broker.snapshot().subscribers;
    expect(on).toMatchObject(level === 'skip$' ? { skipped: 1, pending: 0 } : { skipped: 0, pending: 1 });
  });

  test('B6o close during a drain cuts off the rest, and drain emits the last snapshot', () => {
    const broker = eventBroker<Tick>();
    broker.subscribe({ required: true, next: () => NEVER });
    broker.send(a(1));
    broker.send(a(2));
    const ends: unknown[] = [];
    const watch = { next: (last: unknown) => ends.push(last), complete: () => ends.push('complete') };
    broker.drain().subscribe(watch);
    broker.close();
    broker.drain().subscribe(watch);
    expect(ends).toEqual([broker.snapshot(), 'complete', broker.snapshot(), 'complete']);
    expect(broker.snapshot().subscribers).toMatchObject([{ failed: 1, dropped: 1, pending: 0 }]);
  });
});

test('B12e B12f a high-water mark above maxPending is capped at maxPending: send returns false, then throws', () => {
  const broker = eventBroker<Tick>({ maxPending: 2 });
  broker.subscribe({ required: true, highWaterMark: Infinity, stallAfter: Infinity, next: () => NEVER });
  expect([1, 2].map(n => broker.send(a(n)))).toEqual([true, false]);
  expect(() => broker.send(a(3))).toThrow('the backlog is full (pending: 2, maxPending: 2)');
});

describe('the latest', () => {
  test('O1e optional, capacity 1, dropOldest: finish, then the latest', () => {
    const work$ = new Subject<void>();
    const seen: number[] = [];
    from([1, 2, 3, 4])
      .pipe(
        backpressure({
          required: false,
          capacity: 1,
          overflow: 'dropOldest',
          project: n => {
            seen.push(n);
            return work$;
          },
        }),
      )
      .subscribe();
    work$.complete();
    expect(seen).toEqual([1, 4]);
  });
});
