// B12: which subscriber's backlog rejects an event, exactly at the bound.
import { describe, expect, test } from '@jest/globals';
import { NEVER, Subject } from 'rxjs';
import { thrownBy } from '../flow/helpers.js';
import { a, b, shown, still, type Letter } from './events.js';

const nameOf = (call: () => unknown): string => (thrownBy(call) as Error | undefined)?.name ?? 'taken';

describe('B12f room in a backlog', () => {
  test('is needed, to the last place, in the backlogs of its subscribers', () => {
    const broker = still({ maxPending: 2 });
    broker.subscribe({ required: true, types: ['A'], next: () => NEVER });
    broker.subscribe({ required: true, types: ['B'], next: () => NEVER });
    expect([1, 2, 3].map(n => nameOf(() => broker.send(a(n))))).toEqual(['taken', 'taken', 'BacklogFullError']);
    expect(nameOf(() => broker.sendBatch([a(4), b(4)]))).toBe('BacklogFullError');
    expect(nameOf(() => broker.sendBatch([b(4), b(5)]))).toBe('taken');
    expect(nameOf(() => broker.sendBatch([b(6), b(7)]))).toBe('BacklogFullError');
    expect(broker.snapshot()).toMatchObject({ sent: 4, subscribers: [{ pending: 2 }, { pending: 2 }] });
  });

  test('is not asked of a place that somebody has left', () => {
    const broker = still({ maxPending: 2 });
    const subscribe = () => broker.subscribe({ required: true, next: () => NEVER });
    // of so many, one that leaves leaves an empty place
    const all = Array.from({ length: 20 }, subscribe);
    broker.send(a(1));
    all[3]?.unsubscribe();
    expect([2, 3].map(n => nameOf(() => broker.sendBatch([a(n)])))).toEqual(['taken', 'BacklogFullError']);
    expect(broker.snapshot()).toMatchObject({ sent: 2 });
  });

  test('B3a is not needed in an optional one', () => {
    const broker = still({ maxPending: 2 });
    broker.subscribe({ required: false, capacity: 10, next: () => NEVER });
    broker.subscribe({ required: true, next: () => undefined });
    expect([1, 2, 3, 4].map(n => nameOf(() => broker.send(a(n))))).toEqual(['taken', 'taken', 'taken', 'taken']);
    expect(nameOf(() => broker.sendBatch([a(5), a(6), a(7)]))).toBe('taken');
  });

  test('an idle one accepts a larger batch, whether it was asynchronous before or not', () => {
    const broker = still({ maxPending: 2 });
    const work$ = new Subject<void>();
    const sizes: number[] = [];
    broker.subscribe({ required: true, nextBatch: events => (sizes.push(events.length), work$) });
    broker.send(a(1));
    expect(nameOf(() => broker.sendBatch([a(2), a(3)]))).toBe('BacklogFullError');
    work$.complete();
    expect(nameOf(() => broker.sendBatch([a(2), a(3), a(4)]))).toBe('taken');
    expect(sizes).toEqual([1, 3]);
  });

  /** What becomes of `act`, called inside the delivery of b(0) to one that has asked for B. */
  const inside = (broker: ReturnType<typeof still>, act: () => void): string[] => {
    const seen: string[] = [];
    broker.subscribe({
      required: true,
      types: ['B'],
      next: (event: Letter) => {
        seen.push(shown(event));
        if (event.n === 0) act();
      },
    });
    broker.send(b(0));
    return seen;
  };

  test('from inside a delivery: up to maxPending events may await dispatch if no backlog keeps them', () => {
    const broker = still({ maxPending: 2 });
    const outcomes: string[] = [];
    const seen = inside(broker, () => {
      for (const n of [1, 2, 3]) outcomes.push(nameOf(() => broker.send(b(n))));
    });
    expect(outcomes).toEqual(['taken', 'taken', 'BacklogFullError']);
    expect(seen).toEqual(['B0', 'B1', 'B2']);
  });

  test('from inside a delivery: a backlog has room for events that wait for dispatch, and for new ones', () => {
    const broker = still({ maxPending: 3 });
    broker.subscribe({ required: true, next: () => NEVER });
    const outcomes: string[] = [];
    inside(broker, () => {
      outcomes.push(nameOf(() => broker.sendBatch([b(1), b(2)])));
      outcomes.push(nameOf(() => broker.send(b(1))));
      outcomes.push(nameOf(() => broker.send(b(2))));
    });
    // one is in flight, and also counted as ahead of it
    expect(outcomes).toEqual(['BacklogFullError', 'taken', 'BacklogFullError']);
    expect(broker.snapshot().subscribers).toMatchObject([{ pending: 2 }, { pending: 0 }]);
  });

  test.each([
    [1, 'next'],
    [2, 'nextBatch'],
  ])('B12h one that is asynchronous for the first time: %i in hand, and maxPending after it', (size, key) => {
    const broker = still({ maxPending: 2 });
    const outcomes: string[] = [];
    const call = () => {
      for (const n of [1, 2, 3]) outcomes.push(nameOf(() => broker.send(a(n))));
      return NEVER;
    };
    broker.subscribe({ required: true, [key]: call } as never);
    broker.sendBatch([a(8), a(9)].slice(0, size));
    outcomes.push(nameOf(() => broker.send(a(4))));
    expect(outcomes).toEqual(['taken', 'taken', 'BacklogFullError', 'BacklogFullError']);
    expect(broker.snapshot().subscribers).toMatchObject([{ pending: 2 + size }]);
  });

  test('from inside a delivery: a backlog full of other types blocks nothing', () => {
    const broker = still({ maxPending: 2 });
    broker.subscribe({ required: true, types: ['A'], next: () => NEVER });
    broker.sendBatch([a(1), a(2)]);
    const outcomes: string[] = [];
    const seen = inside(broker, () => outcomes.push(nameOf(() => broker.sendBatch([b(1), b(2)]))));
    expect(outcomes).toEqual(['taken']);
    expect(seen).toEqual(['B0', 'B1', 'B2']);
  });

  test('B8e routeBatchBy firstEvent: room for the whole batch', () => {
    const broker = still({ maxPending: 2, routeBatchBy: 'firstEvent' });
    broker.subscribe({ required: true, types: ['A'], nextBatch: () => NEVER });
    broker.send(a(1));
    expect(nameOf(() => broker.sendBatch([a(2), b(3)]))).toBe('BacklogFullError');
    expect(nameOf(() => broker.sendBatch([b(2), a(3), a(4)]))).toBe('taken');
    expect(nameOf(() => broker.sendBatch([a(2)]))).toBe('taken');
  });
});

test('B8 a batch is dispatched in the order of subscription, whatever the type of its first event', () => {
  const broker = still();
  const seen: string[] = [];
  for (const type of ['A', 'B', 'Hidden'] as const)
    broker.subscribe({ required: true, types: [type], nextBatch: events => void seen.push(events.map(shown).join()) });
  broker.sendBatch([{ type: 'Hidden', n: 1 }, b(2), a(3), b(4)]);
  expect(seen).toEqual(['A3', 'B2,B4', 'Hidden1']);
});
