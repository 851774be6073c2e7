import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NEVER } from 'rxjs';
import { All } from '../../lib/event/All.js';
import { a, b, hidden, shown, still, type Letter } from './events.js';

describe('B4 types', () => {
  const seenWith = (types: readonly (Letter['type'] | All)[] | undefined) => {
    const broker = still({ unlisted: ['Hidden'] });
    const seen: string[] = [];
    broker.subscribe({
      required: true,
      ...(types === undefined ? {} : { types }),
      next: event => void seen.push(shown(event)),
    });
    for (const event of [a(1), hidden(2), b(3)]) broker.send(event);
    return seen.join(' ');
  };

  test.each<readonly [string, readonly (Letter['type'] | All)[] | undefined, string]>([
    ['B4a none', undefined, 'A1 B3'],
    ['B4a an empty list', [], 'A1 B3'],
    ['B4a All', [All], 'A1 B3'],
    ['B4b All and an unlisted one', [All, 'Hidden'], 'A1 Hidden2 B3'],
    ['B4a All and a listed one', [All, 'A'], 'A1 B3'],
    ['B4b an unlisted one', ['Hidden'], 'Hidden2'],
    ['B4c a group', ['A', 'B'], 'A1 B3'],
    ['one twice', ['A', 'A'], 'A1'],
  ])('%s', (_, types, seen) => {
    expect(seenWith(types)).toBe(seen);
  });

  test('subscribers are called in the order of subscription, also when others join or leave', () => {
    const types = fc.subarray<Letter['type'] | typeof All>([All, 'A', 'B', 'Hidden'], { minLength: 1 });
    const step = fc.oneof(
      fc.record({ subscribe: types }),
      fc.record({ unsubscribe: fc.nat({ max: 5 }) }),
      fc.record({ send: fc.constantFrom(a, b, hidden) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const broker = still({ unlisted: ['Hidden'] });
        const seen: string[] = [];
        const expected: string[] = [];
        let present: { name: string; types: readonly unknown[]; offered: number; stop: () => void }[] = [];
        let n = 0;
        for (const each of steps) {
          n++;
          if ('subscribe' in each) {
            const name = `s${n}`;
            const subscription = broker.subscribe({
              required: true,
              name,
              types: each.subscribe,
              next: event => void seen.push(`${name} ${shown(event)}`),
            });
            const stop = () => subscription.unsubscribe();
            present.push({ name, types: each.subscribe, offered: 0, stop });
          } else if ('unsubscribe' in each) {
            present[each.unsubscribe]?.stop();
            present = present.filter((_, i) => i !== each.unsubscribe);
          } else {
            const event = each.send(n);
            for (const who of present) {
              if (!who.types.includes(event.type) && !(who.types.includes(All) && event.type !== 'Hidden')) continue;
              who.offered++;
              expected.push(`${who.name} ${shown(event)}`);
            }
            broker.send(event);
          }
          expect(seen).toEqual(expected);
          expect(broker.snapshot().subscribers.map(({ name, offered }) => [name, offered])).toEqual(
            present.map(({ name, offered }) => [name, offered]),
          );
        }
      }),
    );
  });
});

describe('B7 ids', () => {
  const next = () => undefined;

  test('B7a B7b start at 1, and freed ids are reused, in the order in which they were freed', () => {
    const broker = still();
    const ids = () => broker.subscribe({ required: true, next }).id;
    expect([ids(), ids(), ids()]).toEqual([1, 2, 3]);
    broker.unsubscribe(3, 1);
    expect([ids(), ids(), ids()]).toEqual([3, 1, 4]);
  });

  test('B7c an unknown id is a no-op, and an id freed in a call stays free in it', () => {
    const broker = still();
    broker.subscribe({ required: true, name: 'kept', next });
    broker.subscribe({ required: true, name: 'gone', next });
    broker.unsubscribe(0, 77, 2, 2);
    expect(broker.snapshot().subscribers.map(({ name }) => name)).toEqual(['kept']);
    broker.notices$.subscribe(notice => {
      if (notice.type === 'Closed') broker.subscribe({ required: true, name: 'in its place', next });
    });
    broker.unsubscribe(1, 1);
    expect(broker.snapshot().subscribers.map(({ id, name }) => [id, name])).toEqual([[2, 'in its place']]);
  });

  test('B7c an id of a broker that is closed is a no-op', () => {
    const broker = still();
    const { id } = broker.subscribe({ required: true, next });
    broker.close();
    broker.unsubscribe(id);
    expect(broker.snapshot().subscribers).toMatchObject([{ id }]);
  });

  test.each([false, true])('B6f is free while its last owner is still at work: drainOnClose %p', drainOnClose => {
    const broker = still();
    const ends: number[] = [];
    broker.notices$.subscribe(notice => notice.type === 'Closed' && ends.push(notice.subscriber.key));
    const last = broker.subscribe({ required: true, drainOnClose, next: () => NEVER });
    broker.send(a(1));
    last.unsubscribe();
    expect(broker.subscribe({ required: true, next }).id).toBe(last.id);
    expect(ends).toEqual(drainOnClose ? [] : [1]);
  });

  test('B6g a key is never used again', () => {
    const broker = still();
    const keys: number[] = [];
    for (let i = 0; i < 3; i++) {
      const subscription = broker.subscribe({ required: true, next });
      keys.push(broker.snapshot().subscribers[0]?.key ?? 0);
      subscription.unsubscribe();
    }
    expect(new Set(keys).size).toBe(3);
  });

  test('B7d subscribeBatch subscribes all, or none', () => {
    const broker = still();
    const wrong = { required: true, types: ['A'], highWaterMark: -1, next } as const;
    expect(() => broker.subscribeBatch([{ required: true, types: ['A'], next }, wrong])).toThrow('highWaterMark');
    expect(broker.snapshot().subscribers).toEqual([]);
    const two = broker.subscribeBatch([
      { required: true, types: ['A'], next },
      { required: false, types: [All], next },
    ]);
    expect(two.map(({ id }) => id)).toEqual([1, 2]);
  });
});

describe('B8 batches', () => {
  test('B8a an empty one is a no-op', () => {
    const broker = still();
    let calls = 0;
    broker.subscribe({
      required: true,
      nextBatch: () => {
        calls++;
      },
    });
    expect(broker.sendBatch([])).toBe(true);
    expect([calls, broker.snapshot().sent]).toEqual([0, 0]);
  });

  test('B8c B8d every subscriber gets, in one call, only the events it asked for; next gets them one by one', () => {
    const broker = still({ unlisted: ['Hidden'] });
    const seen: string[] = [];
    const log =
      (name: string) =>
      (events: readonly Letter[]): void => {
        seen.push(`${name} ${events.map(shown).join('+')}`);
      };
    broker.subscribe({ required: true, nextBatch: log('all') });
    broker.subscribe({ required: true, types: ['A'], nextBatch: log('a') });
    broker.subscribe({
      required: true,
      types: ['B'],
      next: event => {
        log('b')([event]);
      },
    });
    broker.subscribe({ required: true, types: ['Hidden'], nextBatch: log('hidden') });
    broker.sendBatch([a(1), b(2), a(3), b(4)]);
    expect(seen).toEqual(['b B2', 'b B4', 'all A1+B2+A3+B4', 'a A1+A3']);
    expect(broker.snapshot()).toMatchObject({ sent: 4, unrouted: 0 });
  });

  test('B8b a batch that is kept does not change afterwards', () => {
    const broker = still();
    const kept: (readonly Letter[])[] = [];
    broker.subscribe({ required: true, nextBatch: events => void kept.push(events) });
    const mine: Letter[] = [a(1), a(2)];
    broker.sendBatch(mine);
    mine.push(a(3));
    broker.sendBatch(mine);
    expect(kept.map(batch => batch.length)).toEqual([2, 3]);
  });
});

test('B8e B8f routeBatchBy firstEvent: a batch goes whole to those of its first type, and to no others', () => {
  const broker = still({ routeBatchBy: 'firstEvent', unlisted: ['Hidden'] });
  const seen: string[] = [];
  for (const type of ['A', 'B', 'Hidden'] as const)
    broker.subscribe({ required: true, types: [type], next: event => void seen.push(`${type} got ${shown(event)}`) });
  broker.sendBatch([a(1), b(2), hidden(3)]);
  expect(seen).toEqual(['A got A1', 'A got B2', 'A got Hidden3']);
});

test('B8e a subscriber that names the type of a whole batch in the middle of it gets the events after that', () => {
  for (const others of [[], ['A'] as const]) {
    const broker = still({ routeBatchBy: 'firstEvent' });
    const seen: string[] = [];
    const joins = (event: Letter) => {
      if (event.n === 1)
        broker.subscribe({ required: true, types: ['A'], next: later => void seen.push(shown(later)) });
    };
    broker.subscribe({ required: true, next: joins });
    for (const type of others) broker.subscribe({ required: true, types: [type], next: () => undefined });
    broker.sendBatch([a(1), b(2), b(3)]);
    expect(seen).toEqual(['B2', 'B3']);
    expect(broker.snapshot().subscribers.at(-1)).toMatchObject({ offered: 2, delivered: 2 });
  }
});

test('B1c B8c a type that nobody names in the middle of a batch, and then somebody does: that one gets the events after that', () => {
  const broker = still();
  const seen: string[] = [];
  const own = broker.subscribe({ required: true, types: ['A'], next: () => undefined });
  broker.subscribe({
    required: true,
    next: ({ n }) => {
      if (n === 1) own.unsubscribe();
      if (n === 2) broker.subscribe({ required: true, types: ['A'], next: event => void seen.push(shown(event)) });
    },
  });
  broker.sendBatch([a(1), a(2), a(3), a(4)]);
  expect(seen).toEqual(['A3', 'A4']);
});

describe('B9 a send from inside a delivery', () => {
  test('B9a B9b runs after the current event has reached every subscriber: all see one order', () => {
    const broker = still();
    const seen: string[] = [];
    broker.subscribe({
      required: true,
      next: event => {
        seen.push(`first ${shown(event)}`);
        if (event.n === 1) {
          broker.send(a(2));
          broker.sendBatch([a(3), b(4)]);
          broker.send(a(5));
        }
      },
    });
    broker.subscribe({ required: true, next: event => void seen.push(`second ${shown(event)}`) });
    broker.send(a(1));
    expect(seen.filter(line => line.startsWith('second'))).toEqual(
      ['A1', 'A2', 'A3', 'B4', 'A5'].map(event => `second ${event}`),
    );
    expect(seen.filter(line => line.startsWith('first')).map(line => line.slice(6))).toEqual(
      seen.filter(line => line.startsWith('second')).map(line => line.slice(7)),
    );
    expect(seen.slice(0, 2)).toEqual(['first A1', 'second A1']);
  });

  test('B8b a batch that waits for dispatch is not the array of its sender', () => {
    const broker = still();
    const seen: string[] = [];
    broker.subscribe({
      required: true,
      next: event => {
        seen.push(shown(event));
        if (event.n !== 1) return;
        const mine = [a(2)];
        broker.sendBatch(mine);
        mine.push(a(3));
      },
    });
    broker.send(a(1));
    expect(seen).toEqual(['A1', 'A2']);
  });
});
