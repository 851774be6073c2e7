import { describe, expect, test } from '@jest/globals';
import { finalize, firstValueFrom, NEVER, of, Subject, Subscription, take } from 'rxjs';
import { eventBroker, lanes, ofType } from 'rx-event-broker';
import { a, b, type Tick } from './ticks.js';

describe('closing', () => {
  test('B1e B6c events on hold are dropped, not delivered', () => {
    const broker = eventBroker<Tick>();
    const hold$ = new Subject<boolean>();
    const seen: number[] = [];
    const notices: unknown[] = [];
    broker.notices$.subscribe(notice => notices.push(notice));
    const subscription = broker.subscribe({ required: true, hold$, next: ({ n }) => void seen.push(n) });
    hold$.next(true);
    broker.send(a(1));
    broker.send(a(2));
    subscription.unsubscribe();
    expect(seen).toEqual([]);
    expect(notices).toMatchObject([
      { type: 'Subscribed' },
      { type: 'Dropped', reason: 'closed', count: 2, first: a(1), last: a(2) },
      { type: 'Closed', tally: { offered: 2, dropped: 2, pending: 0 } },
    ]);
  });

  test('B6h close announces every subscriber before the notices end', () => {
    const broker = eventBroker<Tick>();
    const notices: string[] = [];
    broker.notices$.subscribe({
      next: notice => notices.push('subscriber' in notice ? `${notice.type} ${notice.subscriber.id}` : notice.type),
      complete: () => notices.push('end'),
    });
    broker.subscribe({ required: false, next: () => {} });
    broker.subscribe({ required: false, next: () => {} });
    broker.close();
    expect(notices).toEqual(['Subscribed 1', 'Subscribed 2', 'Closed 1', 'Closed 2', 'end']);
  });
});

describe('B6s while the subscribers are closed, no delivery begins', () => {
  interface Second {
    readonly hold$: Subject<boolean>;
    readonly work$: Subject<void>;
    unsubscribe(): void;
  }
  /** The options of the second subscriber, and what the teardown of the first one does to it. */
  const setups: readonly { readonly when: string; readonly options: object; act(second: Second): void }[] = [
    { when: 'its hold$ opens', options: {}, act: ({ hold$ }) => hold$.next(false) },
    { when: 'its work completes', options: {}, act: ({ work$ }) => work$.complete() },
    { when: 'it leaves and drains', options: { drainOnClose: true }, act: second => second.unsubscribe() },
    { when: 'its lanes open', options: { lanes: lanes({ concurrency: 2 }) }, act: ({ hold$ }) => hold$.next(false) },
  ];
  const ends = ['close', 'stop'] as const;

  test.each(setups.flatMap(setup => ends.map(end => ({ ...setup, end }))))(
    '$end: $when',
    ({ when, options, act, end }) => {
      const broker = eventBroker<Tick>();
      const [work$, fail$, hold$] = [new Subject<void>(), new Subject<void>(), new Subject<boolean>()];
      const began: number[] = [];
      let second = Subscription.EMPTY;
      broker.subscribe({
        required: false,
        next: () => NEVER.pipe(finalize(() => act({ hold$, work$, unsubscribe: () => second.unsubscribe() }))),
      });
      const next = ({ n }: Tick) => {
        began.push(n);
        return work$;
      };
      second = broker.subscribe({ required: true, onFailure: 'continue', hold$, ...options, next });
      broker.subscribe({ required: true, next: () => fail$ });
      if (when !== 'its work completes') hold$.next(true);
      broker.sendBatch([a(1), a(2)]);
      began.length = 0;
      if (end === 'close') broker.close();
      else fail$.error(new Error('no'));
      expect(began).toEqual([]);
      expect(broker.snapshot().subscribers).toMatchObject([{ pending: 0 }, { pending: 0 }, { pending: 0 }]);
    },
  );
});

describe('a receive that waits for the last deliveries', () => {
  const waiting = (work$: Subject<void>) => {
    const broker = eventBroker<Tick>();
    broker.subscribe({ required: true, next: () => work$ });
    const ends: unknown[] = [];
    broker.receive(of(a(1))).subscribe({
      error: ({ name }: Error) => ends.push(name),
      complete: () => ends.push('complete'),
    });
    return { broker, ends };
  };

  test('B10 errors when one of them fails for good', () => {
    const work$ = new Subject<void>();
    const { ends } = waiting(work$);
    work$.error(new Error('no'));
    expect(ends).toEqual(['BrokerStoppedError']);
  });

  test('B6m errors when the broker is closed', () => {
    const { broker, ends } = waiting(new Subject<void>());
    broker.close();
    expect(ends).toEqual(['BrokerClosedError']);
  });
});

test('B6e a subscriber that starts draining inside its first delivery blocks no other', () => {
  const broker = eventBroker<Tick>();
  const work$ = new Subject<void>();
  const notices: string[] = [];
  broker.notices$.subscribe(({ type }) => notices.push(type));
  const subscription = broker.subscribe({
    required: true,
    highWaterMark: 1,
    drainOnClose: true,
    next: () => {
      subscription.unsubscribe();
      return work$;
    },
  });
  expect(broker.send(a(1))).toBe(true);
  work$.complete();
  expect(notices).toEqual(['Subscribed', 'Closed']);
});

test('B6e a subscriber closed while its batch is being collected drains that batch and blocks no other', () => {
  const broker = eventBroker<Tick>();
  const work: Subject<void>[] = [];
  const notices: string[] = [];
  let close = (): void => undefined;
  broker.subscribe({ required: false, types: ['A'], next: () => close() });
  const subscription = broker.subscribe({
    required: true,
    highWaterMark: 2,
    drainOnClose: true,
    nextBatch: () => {
      const done$ = new Subject<void>();
      work.push(done$);
      return done$;
    },
  });
  broker.notices$.subscribe(({ type }) => notices.push(type));
  broker.send(b(1));
  close = () => subscription.unsubscribe();
  broker.sendBatch([b(2), a(3)]);
  work[0]?.complete();
  work[1]?.complete();
  expect(notices).toEqual(['Closed']);
});

test('B6 every drain() gets the last snapshot, whatever subscriber leaves first', async () => {
  const broker = eventBroker<Tick>();
  broker.subscribe({ required: true, next: () => undefined });
  broker.send(a(1));
  const work$ = new Subject<void>();
  broker.subscribe({ required: true, next: () => work$ });
  broker.send(a(2));
  const all = Promise.all([firstValueFrom(broker.drain()), firstValueFrom(broker.drain())]);
  work$.complete();
  expect(await all).toMatchObject([{ sent: 2 }, { sent: 2 }]);
});

test('B6e a subscriber closed while its batch is being collected counts nothing that comes after it', () => {
  const broker = eventBroker<Tick>();
  const work$ = new Subject<void>();
  const tallies: unknown[] = [];
  broker.notices$.subscribe(notice => notice.type === 'Closed' && tallies.push(notice.tally));
  const nextBatch = () => work$;
  const subscription = broker.subscribe({ required: true, drainOnClose: true, nextBatch });
  broker.subscribe({ required: false, next: () => subscription.unsubscribe() });
  broker.sendBatch([a(1), a(2), a(3)]);
  work$.complete();
  expect(tallies).toEqual([{ offered: 1, delivered: 1, failed: 0, dropped: 0, skipped: 0, pending: 0 }]);
});

test('B6e one of many that starts draining inside its first asynchronous delivery gets nothing more', () => {
  const broker = eventBroker<Tick>();
  const work$ = new Subject<void>();
  const tallies: unknown[] = [];
  broker.notices$.subscribe(notice => notice.type === 'Closed' && tallies.push(notice.tally));
  const subscription = broker.subscribe({
    required: true,
    drainOnClose: true,
    next: () => {
      subscription.unsubscribe();
      return work$;
    },
  });
  for (let i = 0; i < 20; i++) broker.subscribe({ required: false, next: () => undefined });
  broker.send(a(1));
  broker.send(a(2));
  work$.complete();
  expect(tallies).toEqual([{ offered: 1, delivered: 1, failed: 0, dropped: 0, skipped: 0, pending: 0 }]);
});

test('B6h one that has nothing in hand is announced when it is closed, also inside a delivery', () => {
  const broker = eventBroker<Tick>();
  const seen: string[] = [];
  broker.notices$.subscribe(({ type }) => seen.push(type));
  const idle = broker.subscribe({ required: true, types: ['B'], next: () => undefined });
  broker.subscribe({
    required: true,
    next: () => {
      idle.unsubscribe();
      seen.push('after');
    },
  });
  broker.send(a(1));
  expect(seen).toEqual(['Subscribed', 'Subscribed', 'Closed', 'after']);
});

test('B6h unsubscribing from the result of drain() closes the broker immediately', () => {
  const broker = eventBroker<Tick>();
  const ends: string[] = [];
  const work$ = new Subject<void>();
  broker.notices$.subscribe({
    next: notice => notice.type === 'Closed' && ends.push(`failed ${notice.tally.failed}`),
    complete: () => ends.push('end'),
  });
  broker.subscribe({ required: true, next: () => work$ });
  broker.send(a(1));
  const draining = broker.drain().subscribe();
  expect([work$.observed, ends]).toEqual([true, []]);
  draining.unsubscribe();
  expect([work$.observed, ends]).toEqual([false, ['failed 1', 'end']]);
});

test('B6 a subscriber that drains inside its delivery, in which the broker is closed, is announced as closed once', () => {
  const broker = eventBroker<Tick>();
  const log: unknown[] = [];
  broker.notices$.subscribe(notice => notice.type === 'Closed' && log.push(notice.subscriber.id));
  const work$ = new Subject<void>();
  // its delivery of the second event is still being made while the broker closes, so the notices have not ended
  broker.subscribe({
    required: true,
    types: ['A'],
    next: ({ n }) => {
      if (n === 1) return work$;
      log.push(broker.send(b(3)));
      return undefined;
    },
  });
  const own = broker.subscribe({
    required: true,
    drainOnClose: true,
    types: ['B'],
    next: () => {
      own.unsubscribe();
      broker.close();
    },
  });
  broker.send(a(1));
  broker.send(a(2));
  work$.complete();
  expect(log).toEqual([2, true, 1]);
});

test('B10g K1c nothing is announced of a subscriber after its Closed, if its failure ends the settlement and that closes it', () => {
  const broker = eventBroker<Tick>();
  const notices: string[] = [];
  broker.notices$.subscribe(({ type }) => notices.push(type));
  const own = broker.subscribe({
    required: true,
    next: () => {
      throw new Error('failed');
    },
  });
  const ends: string[] = [];
  broker
    .receive((_, settlement) => {
      settlement.settled$.subscribe({ complete: () => own.unsubscribe() });
      return of(a(1));
    })
    .subscribe({ error: ({ name }: Error) => ends.push(name) });
  expect([notices, ends]).toEqual([['Subscribed', 'Closed'], ['BrokerStoppedError']]);
});

test('B6a one that subscribes while the error of a closed$ closes the others is closed, too', () => {
  const broker = eventBroker<Tick>();
  const closed$ = new Subject<void>();
  const late: boolean[] = [];
  broker.notices$.pipe(ofType('Closed'), take(1)).subscribe(() => {
    late.push(broker.subscribe({ required: false, closed$, next: () => undefined }).closed);
  });
  broker.subscribe({ required: false, closed$, next: () => undefined });
  broker.subscribe({ required: false, closed$, next: () => undefined });
  closed$.error(new Error('no'));
  expect([late, broker.snapshot().subscribers]).toEqual([[true], []]);
});
