// What user code can do to a broker: each of these once left it wrong.
import { describe, expect, test } from '@jest/globals';
import { thrownBy } from '../flow/helpers.js';
import { a, shown, still, type Letter } from './events.js';

/** An event whose type can be read so many times. */
const readable = (times: number, n: number): Letter => {
  let left = times;
  return {
    get type(): 'A' {
      if (left-- === 0) throw new Error('unreadable');
      return 'A';
    },
    n,
  };
};

describe('B9 B12 an event whose type cannot be read', () => {
  test('in a batch: the error reaches the caller, and nobody has received an event of the batch', () => {
    const broker = still();
    const given: string[] = [];
    broker.subscribe({ required: true, types: ['A'], next: event => void given.push(shown(event)) });
    broker.subscribe({ required: false, nextBatch: events => void given.push(events.map(shown).join()) });
    expect(thrownBy(() => broker.sendBatch([a(1), readable(0, 2)]))).toEqual(new Error('unreadable'));
    expect(broker.snapshot()).toMatchObject({ sent: 0, subscribers: [{ offered: 0 }, { offered: 0, pending: 0 }] });
    broker.sendBatch([a(3)]);
    expect(given).toEqual(['A3', 'A3']);
  });

  test('from inside a delivery: the error reaches that call, also where nobody names a type yet', () => {
    const broker = still();
    const errors: unknown[] = [];
    broker.subscribe({
      required: true,
      next: () => {
        errors.push(thrownBy(() => broker.send(readable(0, 2))));
        broker.subscribe({ required: true, types: ['B'], next: () => undefined });
      },
    });
    expect(broker.send(a(1))).toBe(true);
    expect(errors).toEqual([new Error('unreadable')]);
    expect(broker.snapshot().sent).toBe(1);
  });

  test('later, in a batch: who gathers gets what was dispatched before, and nothing stays in hand', () => {
    const broker = still();
    const given: string[] = [];
    broker.subscribe({ required: true, types: ['A'], nextBatch: events => void given.push(events.map(shown).join()) });
    expect(thrownBy(() => broker.sendBatch([a(1), readable(1, 2), a(3)]))).toEqual(new Error('unreadable'));
    expect(given).toEqual(['A1']);
    expect(broker.snapshot()).toMatchObject({ sent: 1, subscribers: [{ offered: 1, delivered: 1, pending: 0 }] });
  });

  test('later, as the broker closes: everybody is closed', () => {
    const broker = still();
    let closed = 0;
    broker.notices$.subscribe(({ type }) => (closed += Number(type === 'Closed')));
    broker.subscribe({
      required: true,
      next: () => {
        broker.send(readable(1, 2));
        broker.close();
      },
    });
    broker.subscribe({ required: false, next: () => undefined });
    broker.send(a(1));
    expect(closed).toBe(2);
  });
});
