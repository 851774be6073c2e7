import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { BehaviorSubject, from, NEVER, Observable, of, Subject, VirtualTimeScheduler } from 'rxjs';
import type { EventBroker } from '../../lib/broker/Broker.js';
import { eventBroker } from '../../lib/broker/eventBroker.js';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import type { Work } from '../../lib/flow/mailbox/Work.js';
import { a, b, still, type Letter } from './events.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

const thrownBy = (call: () => unknown): unknown => {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
};
const throws = (what: string) => (): never => {
  throw new Error(what);
};

/** A broker with a subscriber that is well, and whether that still gets what is sent. */
const withGood = (broker: EventBroker<Letter> = still()) => {
  const got: number[] = [];
  broker.subscribe({ name: 'good', required: true, types: ['A'], onFailure: 'continue', next: e => got.push(e.n) });
  return {
    broker,
    works: (): boolean => {
      const before = got.length;
      broker.send(a(100));
      broker.send(a(101));
      return got.length === before + 2 && got.at(-1) === 101;
    },
  };
};

let written: unknown[][] = [];
beforeEach(() => {
  written = [];
  jest.spyOn(console, 'error').mockImplementation((...words) => {
    written.push(words);
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('B1i a value that is not an event is rejected, and leaves no broken state', () => {
  const hole: Letter[] = [a(1)];
  hole[2] = a(2);
  test.each<[string, (broker: EventBroker<Letter>) => unknown, string]>([
    ['undefined', broker => broker.send(undefined as never), 'event: expected an object with a type, found undefined'],
    ['null', broker => broker.send(null as never), 'event: expected an object with a type, found null'],
    ['a hole', broker => broker.sendBatch(hole), 'events[1]: expected an object with a type, found undefined'],
    ['no array', broker => broker.sendBatch('ab' as never), "events: expected an array of events, found 'ab'"],
  ])('%s', (_, send, message) => {
    const { broker, works } = withGood();
    expect(thrownBy(() => send(broker))).toMatchObject({
      name: 'OptionError',
      message: `${message} (${ERRORS_PAGE}#optionerror)`,
    });
    expect(broker.snapshot()).toMatchObject({ sent: 0, subscribers: [{ offered: 0, pending: 0 }] });
    expect(works()).toBe(true);
  });

  test('also from inside a delivery', () => {
    const { broker, works } = withGood();
    const errors: unknown[] = [];
    broker.subscribe({ required: false, next: () => errors.push(thrownBy(() => broker.send(undefined as never))) });
    expect(works()).toBe(true);
    expect(errors).toMatchObject([{ name: 'OptionError' }, { name: 'OptionError' }]);
  });

  test('an error while reading the type is thrown by the call', () => {
    const { broker, works } = withGood();
    const event = Object.defineProperty({ n: 1 }, 'type', { get: throws('type') }) as Letter;
    expect(thrownBy(() => broker.send(event))).toEqual(new Error('type'));
    expect(broker.snapshot().sent).toBe(0);
    expect(works()).toBe(true);
  });

  test('a source that emits undefined ends with the error', () => {
    const { broker, works } = withGood();
    const ends: unknown[] = [];
    broker.receive(of(undefined) as never).subscribe({ error: error => ends.push(error) });
    expect(ends).toMatchObject([{ name: 'OptionError', option: 'event' }]);
    expect(works()).toBe(true);
  });
});

describe('B8b a batch is copied at the call', () => {
  test('a batch that grows during the hand-over', () => {
    const broker = still();
    const batch: Letter[] = [a(1)];
    broker.subscribe({ required: true, next: () => batch.push(a(2)) });
    broker.sendBatch(batch);
    expect(broker.snapshot().sent).toBe(1);
  });

  test('a batch that is emptied during the hand-over', () => {
    const broker = still();
    const batch: Letter[] = [a(1), a(2), a(3)];
    const second: number[] = [];
    broker.subscribe({
      required: true,
      next: () => {
        batch.length = 0;
      },
    });
    broker.subscribe({ required: true, nextBatch: events => second.push(...events.map(({ n }) => n)) });
    broker.sendBatch(batch);
    expect([broker.snapshot().sent, second]).toEqual([3, [1, 2, 3]]);
  });

  test('a batch that is sent from inside a delivery and changed afterwards', () => {
    const broker = still();
    const got: number[] = [];
    broker.subscribe({
      required: true,
      next: ({ n }) => {
        got.push(n);
        if (n > 1) return;
        const batch = [a(2), a(3)];
        broker.sendBatch(batch);
        batch.length = 0;
      },
    });
    broker.send(a(1));
    expect(got).toEqual([1, 2, 3]);
  });

  test('an event that is an array is one event', () => {
    const broker = still();
    const event = Object.assign([1, 2, 3], a(2));
    const got: unknown[] = [];
    broker.subscribe({ required: true, next: e => got.push(e) === 1 && broker.send(event) });
    broker.send(a(1));
    expect(got).toEqual([a(1), event]);
  });
});

describe('B10a B10b B10l nothing that a handler returns or throws harms another subscriber', () => {
  const failing: [string, () => unknown][] = [
    ['a `then` that cannot be read', () => Object.defineProperty({}, 'then', { get: throws('then') })],
    ['a `then` that throws', () => ({ then: throws('then') })],
    ['an Observable that cannot be had', () => ({ '@@observable': throws('observable') })],
    ['an error whose message cannot be read', () => {
      throw Object.defineProperty(new Error(), 'message', { get: throws('message') });
    }],
    ['an object without a prototype', () => {
      throw Object.create(null);
    }],
  ]; // prettier-ignore

  test.each(failing)('%s: a failed delivery', (_, next) => {
    const { broker, works } = withGood();
    const failed: Notice<Letter>[] = [];
    broker.notices$.subscribe(notice => notice.type === 'Failed' && failed.push(notice));
    broker.subscribe({ required: false, types: ['B'], next: next as () => Work });
    broker.subscribe({ required: false, types: ['B'], nextBatch: next as () => Work });
    broker.send(b(1));
    broker.sendBatch([b(2), b(3)]);
    expect(failed).toMatchObject([1, 1, 1, 1, 2].map(length => ({ events: { length } })).slice(0, failed.length));
    expect(broker.snapshot().subscribers).toMatchObject([{}, { failed: 3, pending: 0 }, { failed: 3, pending: 0 }]);
    expect(works()).toBe(true);
  });

  test.each(failing)('%s: with onFailure stop, the broker stops and says so', (_, next) => {
    const broker = still();
    broker.subscribe({ required: true, types: ['B'], next: next as () => Work });
    expect(thrownBy(() => broker.send(b(1)))).toMatchObject({ name: 'BrokerStoppedError' });
    expect(thrownBy(() => broker.send(b(1)))).toMatchObject({ name: 'BrokerStoppedError' });
    expect(broker.snapshot().subscribers).toMatchObject([{ failed: 1, pending: 0 }]);
  });

  test('a `then` that returns nothing is waited for', () => {
    const broker = still();
    const ends: (() => void)[] = [];
    broker.subscribe({ required: true, next: () => ({ then: (done: () => void) => void ends.push(done) }) as never });
    broker.send(a(1));
    expect(broker.snapshot().subscribers).toMatchObject([{ pending: 1 }]);
    ends[0]?.();
    expect(broker.snapshot().subscribers).toMatchObject([{ delivered: 1, failed: 0, pending: 0 }]);
  });

  test('B2c the Observable of the platform is waited for, and cancelled by its signal', () => {
    const broker = still();
    const observers: { complete(): void }[] = [];
    const signals: AbortSignal[] = [];
    const platform = {
      takeUntil: () => undefined,
      subscribe: (observer: { complete(): void }, { signal }: { signal: AbortSignal }) => {
        observers.push(observer);
        signals.push(signal);
      },
    };
    const subscription = broker.subscribe({ required: true, next: () => platform as never });
    broker.send(a(1));
    broker.send(a(2));
    expect(broker.snapshot().subscribers).toMatchObject([{ pending: 2 }]);
    observers[0]?.complete();
    expect(broker.snapshot().subscribers).toMatchObject([{ delivered: 1, pending: 1 }]);
    subscription.unsubscribe();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  test('a console that throws', () => {
    const { broker, works } = withGood();
    jest.spyOn(console, 'error').mockImplementation(throws('no console here'));
    broker.subscribe({ required: false, next: throws('handler') });
    expect(works()).toBe(true);
  });

  test('a name that is not a string', () => {
    const { broker, works } = withGood();
    const name = { toString: throws('name') };
    broker.subscribe({ name: name as never, required: false, next: throws('handler') });
    expect(works()).toBe(true);
    expect(written[0]?.[0]).toContain('{"toString":function} failed, and nobody observes its notices');
  });

  test('a scheduler that throws', () => {
    const scheduler = { now: throws('now'), schedule: throws('schedule') };
    const { broker, works } = withGood(eventBroker<Letter>({ scheduler }));
    broker.subscribe({ required: true, types: ['B'], next: () => NEVER });
    broker.send(b(1));
    expect(works()).toBe(true);
  });
});

describe('B6p work whose teardown throws', () => {
  const work = (started: (end: { complete(): void; error(error: unknown): void }) => void) => () =>
    new Observable<never>(subscriber => {
      started(subscriber);
      return throws('teardown');
    });
  const failed = (broker: EventBroker<Letter>): unknown[] => {
    const errors: unknown[] = [];
    broker.notices$.subscribe(
      notice => notice.type === 'Failed' && errors.push([notice.events.length, String(notice.error)]),
    );
    return errors;
  };

  test('B6q close closes every subscriber, the source and the streams, and announces the error', () => {
    const broker = still();
    const errors = failed(broker);
    const ends: string[] = [];
    broker.subscribe({ required: true, types: ['B'], next: work(() => undefined) });
    broker.subscribe({ required: true, types: ['A'], next: () => NEVER });
    broker.stream({ required: false }).subscribe({ complete: () => ends.push('stream') });
    broker.notices$.subscribe({ complete: () => ends.push('notices') });
    let cancelled = false;
    const source = new Observable<Letter>(() => () => {
      cancelled = true;
    });
    broker.receive(source).subscribe({ error: ({ name }: Error) => ends.push(name) });
    broker.send(b(1));
    broker.send(a(1));
    broker.close();
    expect([ends, cancelled, errors]).toEqual([
      ['stream', 'notices', 'BrokerClosedError'],
      true,
      [[0, expect.stringContaining('teardown')]],
    ]);
    expect(broker.snapshot().subscribers).toMatchObject([
      { failed: 1, pending: 0 },
      { failed: 1, pending: 0 },
      { delivered: 2, pending: 0 },
    ]);
  });

  test.each(['complete', 'error'] as const)('work that has ended by %s keeps that outcome', how => {
    const broker = still();
    const errors = failed(broker);
    const ends: { complete(): void; error(error: unknown): void }[] = [];
    broker.subscribe({ required: true, onFailure: 'continue', next: work(end => ends.push(end)) });
    broker.send(a(1));
    broker.send(a(2));
    ends[0]?.[how](new Error('work'));
    ends[1]?.complete();
    expect(broker.snapshot().subscribers).toMatchObject([
      how === 'complete' ? { delivered: 2, failed: 0, pending: 0 } : { delivered: 1, failed: 1, pending: 0 },
    ]);
    expect(errors.filter(error => String(error).startsWith('0,'))).toHaveLength(2);
  });

  test('work that completes within the call', () => {
    const broker = still();
    const errors = failed(broker);
    broker.subscribe({ required: true, next: work(end => end.complete()) }); // prettier-ignore
    broker.send(a(1));
    broker.send(a(2));
    expect(broker.snapshot().subscribers).toMatchObject([{ delivered: 2, failed: 0, pending: 0 }]);
    expect(errors).toHaveLength(2);
  });

  test('teardowns added to the subscription, and those of levels and of the source', () => {
    const broker = still();
    const errors = failed(broker);
    const level$ = new Observable<boolean>(() => throws('level'));
    const subscription = broker.subscribe({
      required: true,
      skip$: level$,
      hold$: level$,
      closed$: level$,
      next: () => NEVER,
    });
    subscription.add(throws('added'));
    broker.subscribe({ required: true, next: () => NEVER });
    const received: unknown[] = [];
    broker
      .receive(new Observable<Letter>(() => throws('source')))
      .subscribe({ error: ({ name }: Error) => received.push(name) });
    broker.close();
    expect(received).toEqual(['BrokerClosedError']);
    expect(broker.snapshot().subscribers).toMatchObject([{ pending: 0 }, { pending: 0 }]);
    expect(errors).toEqual([[0, expect.stringContaining('added')]]);
    expect(written.map(([words]) => words)).toEqual(
      Array.from({ length: 4 }, () => 'rx-event-broker: a teardown threw'),
    );
  });
});

describe('nothing is half registered', () => {
  const wrong = [5, {}, null, Symbol('s'), Object.defineProperty({}, 'then', { get: throws('then') })];

  test.each(wrong.map(closed$ => [closed$]))('B5 an invalid closed$: case %#', closed$ => {
    const broker = still();
    const next = () => undefined;
    const errors = [
      thrownBy(() => broker.subscribe({ required: true, closed$: closed$ as never, next })),
      thrownBy(() =>
        broker.subscribeBatch([
          { required: true, types: ['A'], next },
          { required: true, types: ['A'], closed$: closed$ as never, next },
        ]),
      ),
    ];
    broker
      .stream({ required: true, highWaterMark: 1, closed$: closed$ as never, project: () => NEVER })
      .subscribe({ error: error => errors.push(error) });
    expect(errors).toMatchObject(errors.map(() => ({ name: 'OptionError', option: 'closed$' })));
    expect(errors).toHaveLength(3);
    broker.send(a(1));
    expect(broker.snapshot()).toMatchObject({ saturated: false, subscribers: [] });
  });

  test('B7d closing the broker on the notice of a subscription ends subscribeBatch there', () => {
    const broker = still();
    broker.notices$.subscribe(({ type }) => type === 'Subscribed' && broker.close());
    const one = { required: true, types: ['A'], next: () => undefined } as const;
    expect(thrownBy(() => broker.subscribeBatch([one, one]))).toMatchObject({ name: 'BrokerClosedError' });
    expect(broker.snapshot().subscribers).toHaveLength(1);
  });

  test('an option whose getter changes its value is read once', () => {
    const broker = still();
    let reads = 0;
    const next = () => undefined;
    broker.subscribe({ next, get required() { return (++reads === 1) as true; } }); // prettier-ignore
    expect(broker.snapshot().subscribers).toMatchObject([{ required: true }]);
  });

  test.each([
    [
      { required: true, highWatermark: 5 },
      'highWatermark: expected highWaterMark; subscribe has no option of this name',
    ],
    [{ required: false, retry: { cuont: 3 } }, 'retry: expected a whole number, 0 or more, or { count'],
    [{ required: false, retry: -1 }, 'retry: expected a whole number, 0 or more, or { count'],
    [{ required: false, missed: 1 }, 'missed: expected a function'],
    [{ required: false, observeOn: {} }, 'observeOn: expected a scheduler'],
    [{ required: true, drainOnClose: 1 }, 'drainOnClose: expected true or false'],
  ])('OptionError: %j', (options, message) => {
    const broker = still();
    expect(thrownBy(() => broker.subscribe({ next: () => undefined, ...options } as never))).toMatchObject({
      name: 'OptionError',
      message: expect.stringContaining(message),
    });
    expect(broker.snapshot().subscribers).toEqual([]);
  });

  test('OptionError: a misspelt option of the broker', () => {
    expect(thrownBy(() => eventBroker({ maxpending: 5 } as never))).toMatchObject({ option: 'maxpending' });
  });
});

describe('B5 a closed$ that many subscribers share', () => {
  const share = (broker: EventBroker<Letter>, closed$: Subject<void>) =>
    [1, 2, 3].map(() => broker.subscribe({ required: true, closed$, next: () => NEVER }));

  test('is subscribed to once, closes all of them, and is released', () => {
    const broker = still();
    const closed$ = new Subject<void>();
    share(broker, closed$);
    expect((closed$ as unknown as { observers: unknown[] }).observers).toHaveLength(1);
    closed$.next();
    expect([broker.snapshot().subscribers, closed$.observed]).toEqual([[], false]);
  });

  test('is released when the last one leaves, closes latecomers, and reports its error to each', () => {
    const broker = still();
    const failed: unknown[] = [];
    broker.notices$.subscribe(notice => notice.type === 'Failed' && failed.push(notice.error));
    const closed$ = new Subject<void>();
    for (const one of share(broker, closed$)) one.unsubscribe();
    expect(closed$.observed).toBe(false);
    share(broker, closed$);
    closed$.error('broken');
    expect([failed, broker.snapshot().subscribers]).toEqual([['broken', 'broken', 'broken'], []]);
    share(broker, closed$);
    expect([failed.length, broker.snapshot().subscribers]).toEqual([6, []]);
  });

  test('B5i one that completes never closes any subscriber', () => {
    const broker = still();
    const closed$ = new Subject<void>();
    const [first] = share(broker, closed$);
    closed$.complete();
    share(broker, closed$);
    first?.unsubscribe();
    expect(broker.snapshot().subscribers).toHaveLength(5);
  });

  test('one that replays closes each subscriber as it joins', () => {
    const broker = still();
    share(broker, new BehaviorSubject<void>(undefined));
    broker.subscribe({ required: true, closed$: from([1]), next: () => NEVER });
    expect(broker.snapshot().subscribers).toEqual([]);
  });
});

test('B15e a stall is announced by elapsed time, whatever the wall clock says', () => {
  // in virtual time that is the time of the scheduler
  const scheduler = new VirtualTimeScheduler();
  const broker = eventBroker<Letter>({ scheduler });
  const stalled: unknown[] = [];
  broker.notices$.subscribe(notice => notice.type === 'Stalled' && stalled.push(notice.since));
  broker.subscribe({ required: true, stallAfter: 30 * 86_400_000, next: () => NEVER });
  broker.send(a(1));
  scheduler.flush();
  expect([stalled, scheduler.now()]).toEqual([[0], 30 * 86_400_000]);
});
