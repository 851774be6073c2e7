// The state after a dispatch: counts are right even during it, and the places of leavers and newcomers are in order.
import { expect, jest, test } from '@jest/globals';
import { fromPull } from '../../lib/flow/pull/fromPull.js';
import { a, b, still, type Letter } from './events.js';

const offered = (broker: ReturnType<typeof still>) => broker.snapshot().subscribers.map(({ offered: n }) => n);

test('B1 during a hand-over, the event counts as offered to those already called, including the one being called', () => {
  const broker = still();
  const seen: number[][] = [];
  const next = () => void seen.push(offered(broker));
  for (let i = 0; i < 3; i++) broker.subscribe({ required: true, next });
  broker.send(a(1));
  broker.send(a(2));
  expect(seen.slice(0, 3)).toEqual([
    [1, 0, 0],
    [1, 1, 0],
    [1, 1, 1],
  ]);
  expect(seen.slice(3)).toEqual([
    [2, 1, 1],
    [2, 2, 1],
    [2, 2, 2],
  ]);
});

test('B1 a subscriber that joined during a hand-over is counted like the others in the next one', () => {
  const broker = still();
  const seen: number[][] = [];
  let comes = true;
  broker.subscribe({
    required: true,
    next: () => {
      if (comes) broker.subscribe({ required: true, next: () => undefined });
      comes = false;
      seen.push(offered(broker));
    },
  });
  broker.send(a(1));
  broker.send(a(2));
  expect(seen).toEqual([
    [1, 0],
    [2, 0],
  ]);
  expect(offered(broker)).toEqual([2, 1]);
});

test('B1h after the only subscriber leaves inside a delivery, the next event is unrouted', () => {
  const broker = still();
  const own = broker.subscribe({
    required: true,
    next: () => {
      own.unsubscribe();
    },
  });
  broker.send(a(1));
  broker.send(a(2));
  expect(broker.snapshot()).toMatchObject({ sent: 2, unrouted: 1 });
});

test('B12f a batch that exactly fills a mailbox is accepted', () => {
  const broker = still({ maxPending: 3 });
  broker.subscribe({ required: true, types: ['A'], next: () => new Promise(() => undefined) });
  broker.send(a(1));
  expect(broker.sendBatch([a(2), b(3), b(4), a(5)])).toBe(false);
  expect(broker.snapshot().subscribers).toMatchObject([{ pending: 3 }]);
  expect(() => broker.sendBatch([b(6), a(7)])).toThrow('the backlog is full (pending: 3, maxPending: 3)');
});

test('B10j a failure that ends a receive is reported by it: nothing is written to console.error', async () => {
  const write = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    const errors: unknown[] = [];
    const failing = (received: boolean) => {
      const broker = still();
      broker.subscribe({ required: true, next: () => Promise.reject(new Error('late')) });
      const events: Letter[] = [a(1)];
      if (received)
        broker.receive(pause$ => fromPull(() => events, { pause$ })).subscribe({ error: error => errors.push(error) });
      else broker.send(a(1));
    };
    failing(true);
    await new Promise(setImmediate);
    expect([errors.length, write.mock.calls.length]).toEqual([1, 0]);
    failing(false);
    await new Promise(setImmediate);
    expect([errors.length, write.mock.calls.length]).toEqual([1, 1]);
  } finally {
    write.mockRestore();
  }
});
