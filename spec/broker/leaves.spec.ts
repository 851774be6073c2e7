// B6: subscribers that are closed while an event of theirs is in flight, or in a batch that is being collected.
import { describe, expect, test } from '@jest/globals';
import { NEVER, of, Subject } from 'rxjs';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import { a, b, shown, still, type Letter } from './events.js';

const told = (broker: ReturnType<typeof still>) => {
  const log: unknown[] = [];
  broker.notices$.subscribe((notice: Notice<Letter>) => {
    if (notice.type === 'Closed') {
      const { offered, delivered, failed, dropped, pending } = notice.tally;
      log.push(['Closed', { offered, delivered, failed, dropped, pending }, notice.unfinished.map(shown).join()]);
    } else if (notice.type === 'Failed') log.push(['Failed', notice.events.map(shown).join()]);
    else if (notice.type === 'Dropped')
      log.push(['Dropped', notice.open, notice.count, shown(notice.first), shown(notice.last), notice.reason]);
  });
  return log;
};

describe.each(['next', 'nextBatch'] as const)('B6 closed from inside its own %s', key => {
  test.each<[string, () => unknown, unknown[]]>([
    [
      'that returns nothing: delivered',
      () => undefined,
      [['Closed', { offered: 1, delivered: 1, failed: 0, dropped: 0, pending: 0 }, '']],
    ],
    [
      'that returns work: cut off',
      () => NEVER,
      [['Closed', { offered: 1, delivered: 0, failed: 1, dropped: 0, pending: 0 }, 'A1']],
    ],
    [
      'that throws: failed',
      () => {
        throw new Error('broken');
      },
      [
        ['Failed', 'A1'],
        ['Closed', { offered: 1, delivered: 0, failed: 1, dropped: 0, pending: 0 }, ''],
      ],
    ],
  ])('%s', (_, end, expected) => {
    const broker = still();
    const log = told(broker);
    const work = () => {
      subscription.unsubscribe();
      log.push('unsubscribed');
      return end() as undefined;
    };
    const options = { required: true, onFailure: 'continue', retry: { count: 0 } } as const;
    const subscription =
      key === 'next' ? broker.subscribe({ ...options, next: work }) : broker.subscribe({ ...options, nextBatch: work });
    broker.subscribe({ required: true, next: () => void log.push('other') });
    broker.send(a(1));
    broker.send(a(2));
    const others = log.filter(entry => entry !== 'other');
    expect(others).toEqual(['unsubscribed', ...expected]);
    expect(log.filter(entry => entry === 'other')).toHaveLength(2);
    expect(broker.snapshot()).toMatchObject({ sent: 2, subscribers: [{ id: 2, delivered: 2 }] });
  });

  test('B6e with drainOnClose its work is finished first', () => {
    const broker = still();
    const log = told(broker);
    const work$ = new Subject<void>();
    const work = () => {
      subscription.unsubscribe();
      return work$;
    };
    const options = { required: true, drainOnClose: true } as const;
    const subscription =
      key === 'next' ? broker.subscribe({ ...options, next: work }) : broker.subscribe({ ...options, nextBatch: work });
    broker.send(a(1));
    broker.send(a(2));
    expect(log).toEqual([]);
    work$.complete();
    expect(log).toEqual([['Closed', { offered: 1, delivered: 1, failed: 0, dropped: 0, pending: 0 }, '']]);
  });
});

describe.each([
  ['one that has been synchronous so far', false],
  ['one that has a mailbox', true],
])('B6 closed while a batch is gathered for it: %s', (_, asynchronous) => {
  const closedWhileGathered = (drainOnClose: boolean) => {
    const broker = still();
    const log = told(broker);
    const got: string[] = [];
    const gathering = broker.subscribe({
      required: true,
      drainOnClose,
      nextBatch: events => {
        got.push(events.map(shown).join());
        return asynchronous ? of(1) : undefined;
      },
    });
    if (asynchronous) broker.send(a(0));
    broker.subscribe({
      required: true,
      next: ({ n }) => {
        if (n === 2) gathering.unsubscribe();
      },
    });
    broker.sendBatch([a(1), b(2), a(3)]);
    return { log, got: got.filter(text => text !== 'A0') };
  };
  const before = asynchronous ? 1 : 0;

  test('B6c gathered events are dropped', () => {
    const { log, got } = closedWhileGathered(false);
    expect(got).toEqual([]);
    expect(log).toEqual([
      ['Dropped', false, 2, 'A1', 'B2', 'closed'],
      ['Closed', { offered: 2 + before, delivered: before, failed: 0, dropped: 2, pending: 0 }, ''],
    ]);
  });

  test('B6e with drainOnClose gathered events are handed over', () => {
    const { log, got } = closedWhileGathered(true);
    expect(got).toEqual(['A1,B2']);
    expect(log).toEqual([
      ['Closed', { offered: 2 + before, delivered: 2 + before, failed: 0, dropped: 0, pending: 0 }, ''],
    ]);
  });
});

test('B6h a subscriber that drains is cut off when the broker is closed', () => {
  const broker = still();
  const log = told(broker);
  const subscription = broker.subscribe({ required: true, drainOnClose: true, next: () => NEVER });
  broker.send(a(1));
  broker.send(a(2));
  subscription.unsubscribe();
  subscription.unsubscribe();
  expect(log).toEqual([]);
  broker.close();
  expect(log).toEqual([
    ['Dropped', false, 1, 'A2', 'A2', 'closed'],
    ['Closed', { offered: 2, delivered: 0, failed: 1, dropped: 1, pending: 0 }, 'A1'],
  ]);
});

test('B6j a hold that begins while the broker drains has no effect', () => {
  const broker = still();
  const hold$ = new Subject<boolean>();
  const seen: string[] = [];
  const works: Subject<void>[] = [];
  const next = (event: Letter) => {
    seen.push(shown(event));
    const work$ = new Subject<void>();
    works.push(work$);
    return work$;
  };
  broker.subscribe({ required: true, hold$, next });
  hold$.next(true);
  for (const n of [1, 2]) broker.send(a(n));
  expect(seen).toEqual([]);
  let drained = false;
  broker.drain().subscribe({ complete: () => (drained = true) });
  hold$.next(false);
  hold$.next(true);
  works.shift()?.complete();
  expect([seen, drained]).toEqual([['A1', 'A2'], false]);
  works.shift()?.complete();
  expect(drained).toBe(true);
});

test('B10 after a delivery that threw, the next one counts as pending while it runs', () => {
  const broker = still();
  const looks: unknown[] = [];
  broker.notices$.subscribe();
  broker.subscribe({
    required: true,
    onFailure: 'continue',
    next: ({ n }) => {
      const [{ delivered, failed, pending } = {}] = broker.snapshot().subscribers;
      looks.push([delivered, failed, pending]);
      if (n === 1) throw new Error('broken');
    },
  });
  for (const n of [1, 2, 3]) broker.send(a(n));
  expect(looks).toEqual([
    [0, 0, 1],
    [0, 1, 1],
    [1, 1, 1],
  ]);
});

test('B7 a subscriber without a name is called by its id', () => {
  const broker = still();
  broker.subscribe({ required: true, next: () => undefined });
  broker.subscribe({ required: false, name: 'tail', next: () => undefined });
  expect(broker.snapshot().subscribers.map(({ name }) => name)).toEqual(['subscriber 1', 'tail']);
});
