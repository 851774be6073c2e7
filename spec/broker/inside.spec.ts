// What is done from inside a delivery, and how synchronous work fails.
import { describe, expect, test } from '@jest/globals';
import { defer, first, NEVER, Subject, throwError, VirtualTimeScheduler } from 'rxjs';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import { eventBroker } from '../../lib/broker/eventBroker.js';
import { a, b, shown, still, type Letter } from './events.js';

describe('B10 synchronous work that throws', () => {
  test.each(['next', 'nextBatch'] as const)('%s is retried in place, before what comes after', key => {
    const scheduler = new VirtualTimeScheduler();
    const broker = eventBroker<Letter>({ scheduler });
    const tries: string[] = [];
    const work = (name: string) => {
      tries.push(name);
      if (tries.length <= 2) throw new Error('not yet');
    };
    const retry = { count: 2, delay: 5 };
    if (key === 'next')
      broker.subscribe({
        required: true,
        retry,
        next: event => {
          work(shown(event));
        },
      });
    else
      broker.subscribe({
        required: true,
        retry,
        nextBatch: events => {
          work(events.map(shown).join());
        },
      });
    broker.send(a(1));
    broker.send(b(2));
    expect(tries).toEqual(['A1']);
    expect(broker.snapshot().subscribers).toMatchObject([{ pending: 2, failed: 0 }]);
    scheduler.flush();
    expect(scheduler.now()).toBe(10);
    expect(tries).toEqual(['A1', 'A1', 'A1', 'B2']);
    expect(broker.snapshot().subscribers).toMatchObject([{ delivered: 2, pending: 0, failed: 0 }]);
  });

  test('B1b B1d B10f B10g fails with its events and the number of its attempts', () => {
    const scheduler = new VirtualTimeScheduler();
    const broker = eventBroker<Letter>({ scheduler });
    const failures: Notice[] = [];
    broker.notices$.subscribe(notice => notice.type === 'Failed' && failures.push(notice));
    const next = () => {
      throw new Error('never');
    };
    broker.subscribe({ required: true, onFailure: 'continue', retry: { count: 2, delay: 1 }, next });
    broker.subscribe({ required: false, nextBatch: next });
    broker.send(a(1));
    broker.sendBatch([a(2), b(3)]);
    scheduler.flush();
    expect(failures).toMatchObject([
      { subscriber: { id: 2 }, events: [a(1)], attempts: 1 },
      { subscriber: { id: 2 }, events: [a(2), b(3)], attempts: 1 },
      { subscriber: { id: 1 }, events: [a(1)], attempts: 3 },
      { subscriber: { id: 1 }, events: [a(2)], attempts: 3 },
      { subscriber: { id: 1 }, events: [b(3)], attempts: 3 },
    ]);
    expect(broker.snapshot().subscribers).toMatchObject([
      { offered: 3, delivered: 0, failed: 3 },
      { offered: 3, delivered: 0, failed: 3 },
    ]);
  });

  test.each([1, 2])('is not retried once it has closed itself, in attempt %i', last => {
    const broker = still();
    let tries = 0;
    const subscription = broker.subscribe({
      required: true,
      onFailure: 'continue',
      retry: { count: 3 },
      next: () => {
        if (++tries === last) subscription.unsubscribe();
        throw new Error('failed, and closed in the end');
      },
    });
    broker.notices$.subscribe();
    broker.send(a(1));
    broker.send(a(2));
    expect(tries).toBe(last);
  });

  test.each([
    ['within the call', throwError(() => new Error('at once'))],
    ['later', new Subject<never>()],
  ])('closed inside a further try after one that failed %s: that is cut off, and its work not begun', (_, first$) => {
    const broker = still();
    let begun = false;
    let tries = 0;
    const subscription = broker.subscribe({
      required: true,
      onFailure: 'continue',
      retry: { count: 3 },
      next: () => {
        if (++tries === 1) return first$;
        subscription.unsubscribe();
        return defer(() => {
          begun = true;
          return NEVER;
        });
      },
    });
    const notices: Notice[] = [];
    broker.notices$.subscribe(notice => notices.push(notice));
    broker.send(a(1));
    if (first$ instanceof Subject) first$.error(new Error('later'));
    expect([tries, begun]).toEqual([2, false]);
    expect(notices).toMatchObject([{ type: 'Closed', tally: { offered: 1, failed: 1 }, unfinished: [a(1)] }]);
  });
});

test('B6d closed inside a delivery on a scheduler: that delivery is cut off, and its work not begun', () => {
  const broker = still();
  const scheduler = new VirtualTimeScheduler();
  let begun = false;
  const subscription = broker.subscribe({
    required: false,
    observeOn: scheduler,
    next: () => {
      subscription.unsubscribe();
      return defer(() => {
        begun = true;
        return NEVER;
      });
    },
  });
  const notices: Notice[] = [];
  broker.notices$.subscribe(notice => notices.push(notice));
  broker.send(a(1));
  scheduler.flush();
  expect(begun).toBe(false);
  expect(notices).toMatchObject([{ type: 'Closed', tally: { offered: 1, failed: 1 }, unfinished: [a(1)] }]);
});

describe('B9 sends from inside a delivery', () => {
  /** Two subscribers; what the first one does inside its first delivery; what both see. */
  const seenWhen = (act: (broker: ReturnType<typeof still>) => void): string[] => {
    const broker = still();
    const seen: string[] = [];
    broker.subscribe({
      required: true,
      next: event => {
        seen.push(`1 ${shown(event)}`);
        if (event.n > 1) return;
        act(broker);
        broker.send(b(2));
      },
    });
    broker.subscribe({ required: true, next: event => void seen.push(`2 ${shown(event)}`) });
    broker.send(a(1));
    return seen;
  };
  const inOrder = ['1 A1', '2 A1', '1 B2', '2 B2'];

  test.each<[string, (broker: ReturnType<typeof still>) => void]>([
    ['nothing before it', () => undefined],
    ['a subscriber that comes', broker => broker.subscribe({ required: true, next: () => undefined })],
    [
      'a subscriber that comes and leaves',
      broker => broker.subscribe({ required: true, next: () => undefined }).unsubscribe(),
    ],
    ['a drain', broker => broker.subscribe({ required: false, drainOnClose: true, next: () => NEVER }).unsubscribe()],
    ['an empty batch', broker => broker.sendBatch([])],
  ])('after %s', (_, act) => {
    expect(seenWhen(act)).toEqual(inOrder);
  });

  test('after a backlog became full, then clear', () => {
    const broker = still();
    const seen: string[] = [];
    const work$ = new Subject<void>();
    const hold$ = new Subject<boolean>();
    broker.subscribe({ required: true, types: ['Hidden'], highWaterMark: 1, next: () => work$ });
    broker.subscribe({
      required: true,
      types: ['A', 'B'],
      hold$,
      next: event => {
        seen.push(`1 ${shown(event)}`);
        if (event.n > 1) return;
        broker.send({ type: 'Hidden', n: 9 });
        work$.complete();
        broker.send(b(2));
      },
    });
    broker.subscribe({ required: true, types: ['A', 'B'], next: event => void seen.push(`2 ${shown(event)}`) });
    expect(broker.send(a(1))).toBe(true);
    expect(seen).toEqual(inOrder);
  });

  test('a failed required delivery stops the broker after its event has reached all subscribers; events sent inside are not dispatched', () => {
    const broker = still();
    const seen: string[] = [];
    broker.subscribe({
      required: true,
      next: () => {
        throw new Error('broken');
      },
    });
    broker.subscribe({
      required: true,
      next: event => {
        seen.push(`2 ${shown(event)}`);
        if (event.n === 1) broker.send(b(2));
      },
    });
    broker.subscribe({ required: true, next: event => void seen.push(`3 ${shown(event)}`) });
    expect(() => broker.send(a(1))).toThrow('failed and stopped the broker: Error: broken');
    expect(seen).toEqual(['2 A1', '3 A1']);
  });

  test('B9d a delivery that waits for room in its own broker never ends', () => {
    const broker = still();
    const room$ = broker.saturated$.pipe(first(full => !full));
    broker.subscribe({ required: true, highWaterMark: 1, next: () => room$ });
    broker.send(a(1));
    expect(broker.snapshot()).toMatchObject({ saturated: true, subscribers: [{ pending: 1, delivered: 0 }] });
  });

  test('B1e B6c close drops the events still to be dispatched, counted for each subscriber that asked for them', () => {
    const broker = still();
    const notices: Notice[] = [];
    broker.notices$.subscribe(notice => notice.type === 'Dropped' && notices.push(notice));
    broker.subscribe({
      required: true,
      next: () => {
        broker.send(a(2));
        broker.sendBatch([b(3), b(4)]);
        broker.close();
      },
    });
    broker.subscribe({ required: true, types: ['B'], next: () => undefined });
    broker.send(a(1));
    expect(notices).toMatchObject([
      { subscriber: { id: 1 }, open: false, count: 3, reason: 'closed', first: a(2), last: b(4) },
      { subscriber: { id: 2 }, open: false, count: 2, reason: 'closed', first: b(3), last: b(4) },
    ]);
    expect(broker.snapshot().subscribers).toMatchObject([
      { offered: 4, delivered: 1, dropped: 3, failed: 0, pending: 0 },
      { offered: 2, delivered: 0, dropped: 2, failed: 0, pending: 0 },
    ]);
  });
});

test('B6c of what was still to be dispatched, an event whose type can no longer be read is reported to nobody', () => {
  const broker = still();
  const notices: Notice[] = [];
  broker.notices$.subscribe(notice => notice.type === 'Dropped' && notices.push(notice));
  let isReadable = true;
  const closing: Letter = {
    n: 2,
    get type(): 'A' {
      if (!isReadable) throw new Error('unreadable');
      return 'A';
    },
  };
  broker.subscribe({
    required: true,
    types: ['A'],
    next: () => {
      broker.send(closing);
      broker.send(a(3));
      isReadable = false;
      broker.close();
    },
  });
  broker.send(a(1));
  expect(notices).toMatchObject([{ count: 1, reason: 'closed', first: a(3), last: a(3) }]);
  expect(broker.snapshot().subscribers).toMatchObject([{ offered: 2, delivered: 1, dropped: 1 }]);
});

test('B3i B10l a missed that throws is a failure without events, and the next delivery still begins', () => {
  const broker = still();
  const notices: Notice[] = [];
  broker.notices$.subscribe(notice => notice.type === 'Failed' && notices.push(notice));
  const error = new Error('broken');
  const seen: string[] = [];
  const work$ = new Subject<void>();
  const missed = () => {
    throw error;
  };
  const next = (event: Letter) => (seen.push(shown(event)), work$);
  broker.subscribe({ required: false, capacity: 1, overflow: 'dropOldest', missed, next });
  for (const n of [1, 2, 3]) broker.send(a(n));
  work$.complete();
  expect(seen).toEqual(['A1', 'A3']);
  expect(notices).toMatchObject([{ subscriber: { id: 1 }, events: [], error, attempts: 1 }]);
  expect(broker.snapshot().subscribers).toMatchObject([{ delivered: 2, dropped: 1, failed: 0 }]);
});

describe('B5 a level, or closed$, that errors closes its subscriber', () => {
  test.each(['skip$', 'hold$', 'closed$'] as const)('%s', level => {
    const broker = still();
    const notices: Notice[] = [];
    broker.notices$.subscribe(notice => notices.push(notice));
    const error = new Error('broken');
    broker.subscribe({ required: false, name: 'tail', [level]: throwError(() => error), next: () => undefined });
    expect(notices).toMatchObject([
      { type: 'Subscribed', subscriber: { id: 1, key: 1, name: 'tail' } },
      { type: 'Failed', subscriber: { name: 'tail' }, events: [], error, attempts: 1 },
      { type: 'Closed', subscriber: { name: 'tail' }, unfinished: [] },
    ]);
    expect(broker.snapshot().subscribers).toEqual([]);
  });

  test.each(['skip$', 'hold$', 'closed$'] as const)('%s: without a drain', level => {
    const broker = still();
    const level$ = new Subject<boolean>();
    broker.subscribe({ required: true, drainOnClose: true, [level]: level$, next: () => NEVER });
    const notices: Notice[] = [];
    broker.notices$.subscribe(notice => notices.push(notice));
    broker.send(a(1));
    broker.send(a(2));
    level$.error(new Error('broken'));
    expect(notices).toMatchObject([{ type: 'Failed' }, { type: 'Dropped', first: a(2) }, { type: 'Closed' }]);
    expect(broker.snapshot().subscribers).toEqual([]);
  });

  test('B6a closed$: its first value closes the subscriber, once, and closed$ is released', () => {
    const broker = still();
    const closed$ = new Subject<number>();
    const subscription = broker.subscribe({ required: false, closed$, next: () => undefined });
    expect(closed$.observed).toBe(true);
    closed$.next(1);
    expect([subscription.closed, closed$.observed]).toEqual([true, false]);
    expect(broker.snapshot().subscribers).toEqual([]);
  });
});
