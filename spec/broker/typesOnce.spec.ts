import { describe, expect, test } from '@jest/globals';
import { eventBroker } from '../../lib/broker/eventBroker.js';
import type { Notice } from '../../lib/flow/Notice.js';
import { a, b, still, type Letter } from './events.js';

/** An event whose type can be read once. */
const once = (n: number): Letter => {
  let reads = 0;
  return {
    n,
    get type(): 'A' {
      if (reads++ > 0) throw new Error('read twice');
      return 'A';
    },
  };
};

describe('B10 the type of an event is read once, whatever its getter does the next time', () => {
  test('sent from inside a delivery: it and all after it are handed over', () => {
    const broker = still();
    const got: number[] = [];
    broker.subscribe({
      required: true,
      types: ['A'],
      next: ({ n }) => {
        got.push(n);
        if (n > 0) return;
        broker.send(once(1));
        broker.send(a(2));
      },
    });
    broker.send(a(0));
    expect(got).toEqual([0, 1, 2]);
  });

  test('in a batch: nobody gets a part of it', () => {
    const broker = still();
    const got: number[][] = [];
    broker.subscribe({ required: true, types: ['A'], nextBatch: events => void got.push(events.map(({ n }) => n)) });
    broker.sendBatch([a(0), once(1), a(2)]);
    broker.sendBatch([a(3)]);
    expect(got).toEqual([[0, 1, 2], [3]]);
  });

  test('closed with it in the queue: it is dropped, and everything is closed', () => {
    const broker = still();
    let ended = false;
    broker.notices$.subscribe({ complete: () => (ended = true) });
    broker.subscribe({
      required: true,
      types: ['A'],
      next: () => {
        broker.send(once(1));
        broker.close();
      },
    });
    expect(() => broker.send(a(0))).not.toThrow();
    expect(ended).toBe(true);
    expect(broker.snapshot().subscribers).toMatchObject([{ offered: 2, delivered: 1, dropped: 1, pending: 0 }]);
  });

  test('a getter that closes the broker leaves it closed', () => {
    const broker = still();
    broker.subscribe({ required: true, types: ['A'], next: () => undefined });
    broker.send({
      n: 1,
      get type(): 'A' {
        broker.close();
        return 'A';
      },
    });
    expect(() => broker.send(a(2))).toThrow('broker');
  });
});

test('B8 whole batches that are dropped with the broker count for who asked for their first event', () => {
  const broker = eventBroker<Letter>({ routeBatchBy: 'firstEvent' });
  const dropped: unknown[] = [];
  broker.notices$.subscribe((notice: Notice<Letter>) => {
    if (notice.type === 'Dropped') dropped.push([notice.subscriber.name, notice.count]);
  });
  broker.subscribe({
    name: 'a',
    required: true,
    types: ['A'],
    next: () => {
      broker.sendBatch([a(1), b(2), b(3)]);
      broker.close();
    },
  });
  broker.subscribe({ name: 'b', required: true, types: ['B'], next: () => undefined });
  broker.send(a(0));
  expect(dropped).toEqual([['a', 3]]);
});
