import '../../flow/invariants.js';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { concat, defer, map, NEVER, of, Observable, Subject, take, toArray } from 'rxjs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  eventBroker,
  gather,
  keepLatestBy,
  lanes,
  replay,
  type BrokerOptions,
  type EventBroker,
  type Settlement,
} from 'rx-event-broker';
import { runMarbles } from '../../../lib/testing/marbles/runMarbles.js';
import { a, b, c, type Tick } from '../ticks.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const keeping = (options: BrokerOptions<Tick> = {}): EventBroker<Tick> =>
  eventBroker<Tick>({ replay: replay(), ...options });
const ticks = { a: a(1), b: a(2), c: a(3), d: a(4) };

/** What a late subscriber gets. */
const late = (broker: EventBroker<Tick>, options: object = {}): readonly unknown[] => {
  const got: unknown[] = [];
  broker.subscribe({
    required: false,
    since: 'replay',
    missed: (gap: object) => got.push(gap),
    ...options,
    ...('nextBatch' in options ? {} : { next: ({ n }: Tick) => void got.push(n) }),
  } as never);
  return got;
};

/** The notices of a broker, in short. */
const noticesOf = (broker: EventBroker<Tick>): readonly string[] => {
  const notices: string[] = [];
  broker.notices$.subscribe(notice => {
    if (notice.type === 'Failed')
      notices.push(
        `${notice.subscriber.name} failed ${notice.events.map(({ n }) => n).join()} ${String(notice.error)}`,
      );
    else if (notice.type === 'Dropped') notices.push(`dropped ${notice.reason} ${notice.count}`);
    else if ('subscriber' in notice) notices.push(`${notice.type} ${notice.subscriber.id}`);
  });
  return notices;
};

afterEach(() => {
  jest.restoreAllMocks();
});

describe('B21a a late subscriber', () => {
  test('gets kept events, then new ones, in virtual time', () => {
    runMarbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const broker = keeping();
      const source = hot('ab-c--d', ticks);
      source.subscribe(event => broker.send(event));
      const work = cold('-(w|)');
      const stream$ = broker.stream({
        required: true,
        since: 'replay',
        project: ({ n }) => work.pipe(map(() => String(n))),
      });
      //                               subscribes after b: one delivery at a time, in order
      expectObservable(stream$, '--^').toBe('---abc-d', { a: '1', b: '2', c: '3', d: '4' });
      expectSubscriptions(work.subscriptions).toBe(['--^!', '---^!', '----^!', '------^!']);
    });
  });

  test('gets its types, or those of its view; unlisted types only if it names them', () => {
    const broker = keeping({ unlisted: ['C'] });
    for (const event of [a(1), b(2), c(3), a(4)]) broker.send(event);
    expect(late(broker)).toEqual([1, 2, 4]);
    expect(late(broker, { types: ['A'] })).toEqual([1, 4]);
    expect(late(broker, { types: ['B', 'C'] })).toEqual([2, 3]);
    const got: number[] = [];
    broker.only('B', 'C').subscribe({ required: false, since: 'replay', next: ({ n }) => void got.push(n) });
    expect(got).toEqual([2, 3]);
  });

  test('gets the events of a batch that is routed by its first event', () => {
    const broker = keeping({ routeBatchBy: 'firstEvent' });
    broker.subscribe({ required: false, types: ['B'], next: () => undefined });
    broker.sendBatch([a(1), b(2)]);
    broker.sendBatch([b(3), a(4), c(5)]);
    expect(late(broker, { types: ['A'] })).toEqual([1, 2]);
    expect(late(broker, { types: ['B'] })).toEqual([3, 4, 5]);
    expect(late(broker, { types: ['C'] })).toEqual([]);
  });

  test('may be a loop, or a stream that wants only one', async () => {
    const broker = keeping();
    broker.sendBatch([a(1), a(2), a(3)]);
    const got: number[] = [];
    for await (const { n } of broker.iterate({ required: true, since: 'replay' })) {
      got.push(n);
      if (n === 2) broker.send(a(4));
      if (n === 4) break;
    }
    const projected: number[] = [];
    broker
      .stream({
        required: true,
        since: 'replay',
        project: ({ n }) => {
          projected.push(n);
          return of(n);
        },
      })
      .pipe(take(1))
      .subscribe();
    expect([got, projected]).toEqual([[1, 2, 3, 4], [1]]);
    expect(broker.snapshot().subscribers).toEqual([]);
  });

  test('may be one of several that are registered together', () => {
    const broker = keeping();
    broker.send(a(1));
    const got: string[] = [];
    broker.subscribeBatch([
      { required: false, types: ['A'], since: 'replay', next: ({ n }) => void got.push(`first ${n}`) },
      { required: false, types: ['A'], next: ({ n }) => void got.push(`second ${n}`) },
    ]);
    broker.send(a(2));
    expect(got).toEqual(['first 1', 'first 2', 'second 2']);
  });
});

describe('B21b which events are kept', () => {
  test('an event is kept before its first handler is called, even if no subscriber asked for it', () => {
    const broker = keeping();
    broker.send(b(1));
    const got: unknown[][] = [];
    broker.subscribe({ required: false, types: ['A'], next: () => void got.push(late(broker) as unknown[]) });
    broker.send(a(2));
    expect(got).toEqual([[1, 2]]);
    expect(broker.snapshot()).toMatchObject({ sent: 2, unrouted: 1 });
  });

  test('a rejected event is not kept', () => {
    const broker = keeping({ maxPending: 2, replay: replay({ events: 2 }) });
    broker.subscribe({ required: true, next: () => NEVER });
    for (const n of [1, 2]) broker.send(a(n));
    expect(() => broker.send(a(3))).toThrow('the backlog is full (pending: 2, maxPending: 2)');
    expect(() => broker.sendBatch([a(4), undefined as never])).toThrow('events[1]');
    expect(late(broker)).toEqual([1, 2]);
  });

  test('B21c at most events: by default 1024, or maxPending', () => {
    const kept = (options: BrokerOptions<Tick>): number => {
      const broker = eventBroker<Tick>(options);
      for (let n = 0; n < 1030; n++) broker.send(a(n));
      return late(broker).length;
    };
    expect(kept({ replay: replay() })).toBe(1024);
    expect(kept({ replay: replay({}), maxPending: 5 })).toBe(5);
    expect(kept({ replay: replay({ events: 3 }), maxPending: 5 })).toBe(3);
  });

  test('B21c at most bytes, and the newest whatever its size', () => {
    const broker = keeping({ replay: replay({ bytes: 10 }), sizeOf: ({ n }) => n });
    broker.sendBatch([a(3), a(4), a(3)]);
    expect(late(broker)).toEqual([3, 4, 3]);
    broker.send(a(0.5));
    expect(late(broker)).toEqual([4, 3, 0.5]);
    broker.send(a(11));
    expect(late(broker)).toEqual([11]);
    broker.send(a(1));
    expect(late(broker)).toEqual([1]);
  });

  test('B21c what a sum of bytes loses in rounding keeps no event out', () => {
    const log = replay({ bytes: 5, keepLatestBy: ({ type }: Tick) => type });
    const broker = keeping({ replay: log, sizeOf: ({ n }) => n });
    // 0.1 + 0.1 + 5 - 0.1 - 0.1 is more than 5
    for (const tick of [a(0.1), b(0.1), c(5), c(5), a(0)]) broker.send(tick);
    expect(late(broker)).toEqual([5, 0]);
  });

  test('B21d the latest of each key, in the order in which they were sent; past the bound the oldest is discarded', () => {
    const broker = keeping({ replay: replay({ events: 3, keepLatestBy: ({ type }: Tick) => type }) });
    broker.sendBatch([a(1), b(2), a(3), c(4), b(5), b(6)]);
    expect(late(broker)).toEqual([3, 4, 6]);
    const two = keeping({ replay: replay({ events: 2, keepLatestBy: ({ n }: Tick) => n % 10 }) });
    two.sendBatch([a(1), a(2), a(11), a(3), a(12)]);
    expect(late(two)).toEqual([3, 12]);
  });

  test('B21c events that are no longer kept can be garbage-collected, and a closed broker keeps none', async () => {
    const broker = keeping({ replay: replay({ events: 2 }) });
    const refs = [1, 2, 3].map(n => {
      const event = a(n);
      broker.send(event);
      return new WeakRef(event);
    });
    const left = async (): Promise<unknown> => {
      await new Promise(resolve => setImmediate(resolve));
      collect();
      return refs.map(ref => ref.deref()?.n);
    };
    expect(await left()).toEqual([undefined, 2, 3]);
    broker.close();
    expect(await left()).toEqual([undefined, undefined, undefined]);
  });
});

describe('B21e when a replay runs', () => {
  test('inside subscribe; events that are sent from inside it come after it, for all subscribers', () => {
    const broker = keeping();
    const got: string[] = [];
    broker.subscribe({ required: false, next: ({ n }) => void got.push(`early ${n}`) });
    broker.sendBatch([a(1), a(2)]);
    broker.subscribe({
      required: false,
      since: 'replay',
      next: ({ n }) => {
        got.push(`late ${n}`);
        if (n < 3) broker.send(a(n + 10));
      },
    });
    got.push('subscribed');
    expect(got.slice(2)).toEqual(['late 1', 'late 2', 'early 11', 'late 11', 'early 12', 'late 12', 'subscribed']);
  });

  test('inside a hand-over, when that has reached every subscriber, before events that were sent from inside it', () => {
    const broker = keeping();
    const got: string[] = [];
    broker.subscribe({
      required: false,
      next: ({ n }) => {
        got.push(`one ${n}`);
        if (n !== 1) return;
        broker.send(a(7));
        broker.subscribe({ required: false, since: 'replay', next: tick => void got.push(`late ${tick.n}`) });
        expect(broker.snapshot().subscribers[2]).toMatchObject({ offered: 0, pending: 0 });
      },
    });
    broker.subscribe({ required: false, next: ({ n }) => void got.push(`two ${n}`) });
    broker.sendBatch([a(1), a(2)]);
    expect(got.join(', ')).toBe('one 1, two 1, one 2, two 2, late 1, late 2, one 7, two 7, late 7');
  });

  test('one after the other, even if one subscribes the other', () => {
    const broker = keeping();
    broker.sendBatch([a(1), a(2)]);
    const got: string[] = [];
    broker.subscribe({
      required: false,
      since: 'replay',
      next: ({ n }) => {
        got.push(`first ${n}`);
        if (n === 1)
          broker.subscribe({ required: false, since: 'replay', next: tick => void got.push(`second ${tick.n}`) });
      },
    });
    expect(got).toEqual(['first 1', 'first 2', 'second 1', 'second 2']);
  });

  test('an event that an observer of Subscribed sends is replayed', () => {
    const broker = keeping();
    broker.subscribe({ required: false, next: () => undefined });
    broker.notices$.subscribe(({ type }) => type === 'Subscribed' && broker.sendBatch([a(1), a(2)]));
    expect(late(broker)).toEqual([1, 2]);
  });

  test('skip$ skips replayed events, and counts them; hold$ keeps them, in addition to the capacity', () => {
    const broker = keeping();
    broker.sendBatch([a(1), a(2)]);
    expect(late(broker, { skip$: concat(of(true), NEVER) })).toEqual([]);
    const hold$ = new Subject<boolean>();
    const held = late(broker, { hold$: concat(of(true), hold$), capacity: 1 });
    for (const n of [3, 4, 5]) broker.send(a(n));
    expect(broker.snapshot().subscribers).toMatchObject([
      { offered: 5, skipped: 5 },
      { offered: 5, pending: 3, dropped: 2 },
    ]);
    hold$.next(false);
    expect(held).toEqual([1, 2, 3]);
  });
});

describe('B21q the place of a late subscriber', () => {
  const next = (got: string[], name: string) => () => void got.push(name);

  test.each([
    ['of all types', {}],
    ['of one type', { types: ['A'] }],
  ] as const)('%s is before those that subscribed after it, while it waited for its replay', (_, types) => {
    const broker = keeping();
    const got: string[] = [];
    const all = (name: string, options: object = {}) =>
      broker.subscribe({ required: false, ...options, next: next(got, name) });
    const first = broker.subscribe({
      required: false,
      next: ({ n }) => {
        if (n > 1) return;
        first.unsubscribe();
        all('early');
        late = all('late', { since: 'replay', ...types });
        all('later', { types: ['A'] });
        gone = all('gone');
        all('last');
      },
    });
    let [late, gone] = [first, first];
    broker.send(a(1));
    got.length = 0;
    broker.send(a(2));
    expect(got).toEqual(['early', 'late', 'later', 'gone', 'last']);

    got.length = 0;
    gone.unsubscribe();
    broker.send(a(3));
    expect(got).toEqual(['early', 'late', 'later', 'last']);

    got.length = 0;
    late.unsubscribe();
    broker.send(a(4));
    expect(got).toEqual(['early', 'later', 'last']);
  });

  test('also if an observer of its Subscribed subscribes the other', () => {
    const broker = keeping();
    const got: string[] = [];
    broker.notices$.subscribe(notice => {
      if (notice.type === 'Subscribed' && notice.subscriber.name === 'late')
        broker.subscribe({ required: false, next: next(got, 'other') });
    });
    broker.subscribe({ required: false, name: 'late', since: 'replay', next: next(got, 'late') });
    broker.send(a(1));
    expect(got).toEqual(['late', 'other']);
  });
});

describe('B21f a replay is one hand-over', () => {
  test('nextBatch gets it as one batch; gather and lanes split it', () => {
    const broker = keeping();
    const batches: string[] = [];
    const nextBatch = (name: string) => (events: readonly Tick[]) => {
      batches.push(`${name} ${events.map(({ n }) => n).join()}`);
      return of(1);
    };
    for (const n of [1, 2, 3, 4, 5]) broker.send(a(n));
    const gathers = gather({ maxSize: 2, maxWait: 100_000 });
    late(broker, { nextBatch: nextBatch('plain') });
    late(broker, { nextBatch: nextBatch('latest'), overflow: keepLatestBy(() => 1) });
    late(broker, { nextBatch: nextBatch('optional'), gather: gathers, capacity: 2 });
    late(broker, { nextBatch: nextBatch('required'), gather: gathers, required: true, missed: undefined });
    expect(batches).toEqual([
      'plain 1,2,3,4,5',
      'latest 1,2,3,4,5',
      ...['optional 1,2', 'optional 3,4', 'optional 5'],
      ...['required 1,2', 'required 3,4'], // the fifth waits for another
    ]);
    const begun: number[] = [];
    broker.subscribe({
      required: true,
      since: 'replay',
      lanes: lanes({ concurrency: 3, by: ({ n }: Tick) => n % 2 }),
      next: ({ n }) => {
        begun.push(n);
        return NEVER;
      },
    });
    expect(begun).toEqual([1, 2]);
    broker.close();
  });

  test('a subscriber that becomes asynchronous in the middle of it continues in order', () => {
    const broker = keeping();
    broker.sendBatch([a(1), a(2), a(3)]);
    const work$ = new Subject<void>();
    const got: number[] = [];
    broker.subscribe({
      required: false,
      capacity: 0,
      since: 'replay',
      next: ({ n }) => {
        got.push(n);
        return n === 2 ? work$ : undefined;
      },
    });
    broker.send(a(4));
    expect([...got]).toEqual([1, 2]);
    work$.complete();
    expect(got).toEqual([1, 2, 3]);
    expect(broker.snapshot().subscribers).toMatchObject([{ offered: 4, delivered: 3, dropped: 1, pending: 0 }]);
  });

  test('retry tries a replayed event again, in its place', () => {
    const broker = keeping();
    broker.sendBatch([a(1), a(2)]);
    const tried: number[] = [];
    broker.subscribe({
      required: true,
      since: 'replay',
      retry: 1,
      next: ({ n }) => {
        tried.push(n);
        if (tried.length === 1) throw new Error('once');
      },
    });
    expect(tried).toEqual([1, 1, 2]);
  });
});

describe('B21g bounds', () => {
  test.each(['dropNewest', 'dropOldest', 'keepLatestBy'] as const)(
    'what is replayed takes nothing of the capacity, in events or bytes, and is not dropped for room: %s',
    overflow => {
      const sizeOf = jest.fn(() => 1);
      const broker = keeping({ sizeOf });
      broker.sendBatch([a(1), a(2), a(3), a(4)]);
      const told: unknown[] = [];
      const work: Subject<void>[] = [];
      broker.subscribe({
        required: false,
        since: 'replay',
        overflow: overflow === 'keepLatestBy' ? keepLatestBy(({ n }: Tick) => n) : overflow,
        capacity: 2,
        capacityBytes: 2,
        missed: ({ count }) => told.push(`missed ${count}`),
        next: ({ n }) => {
          told.push(n);
          return (work[work.length] = new Subject<void>());
        },
      });
      expect(sizeOf).not.toHaveBeenCalled();
      for (const n of [5, 6, 7]) broker.send(a(n));
      expect(broker.snapshot().subscribers).toMatchObject([{ offered: 7, dropped: 1, pending: 6 }]);
      for (let i = 0; i < 6; i++) work[i]!.complete();
      if (overflow === 'dropNewest') expect(told).toEqual([1, 2, 3, 4, 5, 6]);
      else expect(told).toEqual([1, 2, 3, 4, 'missed 1', ...(overflow === 'dropOldest' ? [6, 7] : [5, 6])]);
    },
  );

  test('a required subscriber has it pending: it is saturated, and pauses the source', () => {
    runMarbles(({ hot, cold, expectObservable }) => {
      const broker = keeping();
      broker.sendBatch([a(1), a(2), a(3), a(4)]);
      const source = hot('--|', ticks);
      const stream$ = broker.stream({
        required: true,
        highWaterMark: 2,
        since: 'replay',
        project: ({ n }) => cold('--(n|)', { n }),
      });
      expectObservable(stream$, '^----------!').toBe('--1-2-3-4--', { 1: 1, 2: 2, 3: 3, 4: 4 });
      expectObservable(
        defer(() => broker.saturated$),
        '-^---------',
      ).toBe('-t----f----', { t: true, f: false });
      expectObservable(broker.receive(source).pipe(map(({ sent }) => sent))).toBe('--------(4|)', { 4: 4 });
    });
  });

  test('no more than maxPending wait in its mailbox, including events that are sent from inside the replay', () => {
    const broker = keeping({ maxPending: 4, replay: replay({ events: 3 }), sizeOf: () => 1 });
    broker.sendBatch([a(1), a(2), a(3)]);
    const answers: unknown[] = [];
    broker.subscribe({
      required: true,
      highWaterMarkBytes: 100,
      since: 'replay',
      next: () => {
        for (const n of [11, 12]) {
          try {
            answers.push(broker.send(a(n)));
          } catch (error) {
            answers.push((error as Error).name);
          }
        }
        return NEVER;
      },
    });
    // the first is the fourth that waits
    expect(answers).toEqual(['BacklogFullError', 'BacklogFullError']);
    expect(broker.snapshot().subscribers).toMatchObject([{ pending: 3 }]);
  });
});

describe('B21h B21i counters', () => {
  test('B21h replayed events settle nothing, and do not count as sent; B21i they count in the tally', () => {
    const broker = keeping();
    for (const n of [1, 2]) broker.send(a(n));
    const work: Subject<void>[] = [];
    const settled: number[] = [];
    let emit: ((event: Tick) => void) | undefined;
    broker
      .receive(
        (_: Observable<boolean>, settlement?: Settlement) =>
          new Observable<Tick>(subscriber => {
            settlement!.settled$.subscribe(count => settled.push(count));
            emit = event => subscriber.next(event);
          }),
      )
      .subscribe();
    emit!(a(3));
    expect(settled).toEqual([0, 1]);
    broker.subscribe({
      required: true,
      since: 'replay',
      next: () => (work[work.length] = new Subject<void>()),
    });
    emit!(a(4));
    expect(broker.snapshot()).toMatchObject({ sent: 4, subscribers: [{ offered: 4, pending: 4 }] });
    const counts = work.flatMap(() => []) as number[];
    for (let i = 0; i < 4; i++) {
      work[i]!.complete();
      counts.push(settled.at(-1)!);
    }
    // the fourth delivery is that of the fourth event: the three before it were replayed
    expect(counts).toEqual([1, 1, 1, 2]);
    expect(broker.snapshot()).toMatchObject({ sent: 4, subscribers: [{ offered: 4, delivered: 4, dropped: 0 }] });
  });
});

describe('B21j after an event', () => {
  const sent = (): EventBroker<Tick> => {
    const broker = keeping({ replay: replay({ events: 4 }) });
    broker.sendBatch([a(1), a(2), b(3), a(2.5), b(4)]);
    return broker;
  };

  test('begins after the last event for which it is true, and checks the latest first', () => {
    const asked: number[] = [];
    const after = ({ n }: Tick): boolean => asked.push(n) > 0 && Math.floor(n) === 2;
    expect(late(sent(), { since: { after } })).toEqual([4]);
    expect(asked).toEqual([4, 2.5]);
    expect(late(sent(), { since: { after: ({ n }: Tick) => n === 4 } })).toEqual([]);
  });

  test('checks only events of its types', () => {
    const asked: number[] = [];
    const since = { after: ({ n }: Tick) => asked.push(n) > 5 };
    expect(late(sent(), { types: ['B'], since })).toEqual([{ reason: 'expired' }, 3, 4]);
    expect(asked).toEqual([4, 3]);
  });

  test('B21k if that event is no longer kept, the subscriber is notified first, then gets everything', () => {
    const broker = sent();
    const notices = noticesOf(broker);
    expect(late(broker, { since: { after: ({ n }: Tick) => n === 1 } })).toEqual([{ reason: 'expired' }, 2, 3, 2.5, 4]);
    expect(notices).toEqual(['Subscribed 1', 'Expired 1']);
    const [row] = broker.snapshot().subscribers;
    expect(row).toMatchObject({ offered: 4, delivered: 4, dropped: 0 });
    // it need not ask to be
    expect(late(broker, { since: { after: () => false }, missed: undefined })).toEqual([2, 3, 2.5, 4]);
    expect(notices.slice(2)).toEqual(['Subscribed 2', 'Expired 2']);
    // a required one, too, and one that nothing is kept for
    expect(late(broker, { required: true, types: ['C'], since: { after: () => true } })).toEqual([
      { reason: 'expired' },
    ]);
    // after one that is not kept because a later one has its key
    const latest = keeping({ replay: replay({ keepLatestBy: ({ type }: Tick) => type }) });
    latest.sendBatch([a(1), b(2), a(3)]);
    expect(late(latest, { since: { after: ({ n }: Tick) => n === 1 } })).toEqual([{ reason: 'expired' }, 2, 3]);
  });

  test('B21k as a client that reconnects with the id of its last event', () => {
    runMarbles(({ hot, expectObservable }) => {
      const broker = keeping({ replay: replay({ events: 2 }) });
      hot('abcd', ticks).subscribe(event => broker.send(event));
      const since = (lastEventId: number) =>
        broker
          .stream({ required: false, since: { after: ({ n }) => n === lastEventId } })
          .pipe(map(({ n }) => String(n)));
      expectObservable(since(2), '--^').toBe('--34');
      expectObservable(since(3), '----^').toBe('----4');
      expectObservable(since(1), '----^').toBe('----(34)');
    });
  });
});

describe('B21l user code', () => {
  test('a key function or sizeOf that throws: the event is kept with a key of its own, and Failed reports it', () => {
    const broker = keeping({
      replay: replay({
        events: 3,
        bytes: 100,
        keepLatestBy: ({ n }: Tick) => {
          if (n > 5) throw new Error('no key');
          return 1;
        },
      }),
      sizeOf: ({ n }) => (n === 7 ? (undefined as never) : 1),
    });
    const notices = noticesOf(broker);
    for (const n of [1, 6, 7, 2]) broker.send(a(n));
    expect(notices).toEqual([
      'replay failed 6 Error: no key',
      expect.stringMatching(/^replay failed 7 OptionError: sizeOf: expected a function that returns a number of bytes/),
      'replay failed 7 Error: no key',
    ]);
    expect(late(broker)).toEqual([6, 7, 2]);
  });

  test('B10p a key function that is async: the event is kept with a key of its own, and Failed says what is wrong', () => {
    const broker = keeping({ replay: replay({ keepLatestBy: () => Promise.reject(new Error('no key')) }) });
    const notices = noticesOf(broker);
    for (const n of [1, 2]) broker.send(a(n));
    expect(late(broker)).toEqual([1, 2]);
    expect(notices[1]).toMatch(/^replay failed 2 OptionError: keepLatestBy: expected a function that returns a key/);
  });

  test('a send that is rejected inside a replay changes nothing about it: its events are not kept again', () => {
    const broker = keeping();
    for (const n of [1, 2, 3]) broker.send(a(n));
    const next = (): void => expect(() => broker.send(undefined as never)).toThrow(/^event: expected an object/);
    broker.subscribe({ required: false, since: 'replay', next });
    expect(late(broker)).toEqual([1, 2, 3]);
  });

  test('without an observer it is written to the console, once', () => {
    const write = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const broker = keeping({
      replay: replay({
        keepLatestBy: () => {
          throw new Error('no key');
        },
      }),
    });
    broker.sendBatch([a(1), a(2)]);
    expect(write.mock.calls).toEqual([
      ['rx-event-broker: replay failed, and nobody observes its notices', new Error('no key')],
    ]);
  });

  test('after or missed that throws: Failed of the subscriber, which gets everything', () => {
    const broker = keeping();
    const notices = noticesOf(broker);
    broker.sendBatch([a(1), a(2)]);
    const after = (): never => {
      throw new Error('after');
    };
    const missed = (): never => {
      throw new Error('missed');
    };
    const got = late(broker, { since: { after }, missed });
    broker.send(a(3));
    expect(got).toEqual([1, 2, 3]);
    expect(notices).toEqual([
      'Subscribed 1',
      'subscriber 1 failed  Error: after',
      'Expired 1',
      'subscriber 1 failed  Error: missed',
    ]);
  });

  test('an async after finds nothing, because its Promise is not an answer', async () => {
    const broker = keeping();
    const notices = noticesOf(broker);
    broker.sendBatch([a(1), a(2)]);
    const after = (): Promise<boolean> => Promise.reject(new Error('late'));
    expect(late(broker, { since: { after } })).toEqual([{ reason: 'expired' }, 1, 2]);
    await new Promise(resolve => setImmediate(resolve));
    expect(notices[1]).toMatch(
      /^subscriber 1 failed {2}OptionError: after: expected a function that returns true or false/,
    );
  });

  test('a missed that rejects: Failed of the subscriber', async () => {
    const broker = keeping();
    const notices = noticesOf(broker);
    late(broker, { since: { after: () => false }, missed: () => Promise.reject(new Error('missed')) });
    await Promise.resolve();
    await Promise.resolve();
    expect(notices).toEqual(['Subscribed 1', 'Expired 1', 'subscriber 1 failed  Error: missed']);
  });

  test('an event whose type can no longer be read is delivered to All', () => {
    const broker = keeping();
    let reads = 0;
    const odd = {
      get type(): 'A' {
        if (++reads > 2) throw new Error('unreadable');
        return 'A';
      },
      n: 1,
    };
    broker.subscribe({ required: false, types: ['B'], next: () => undefined });
    broker.send(odd);
    expect(late(broker)).toEqual([1]);
    expect(late(broker, { types: ['A'] })).toEqual([]);
  });

  test.each(['key', 'after', 'missed'])('that sends, subscribes and leaves inside %s', where => {
    const broker: EventBroker<Tick> = keeping({
      replay: replay({ keepLatestBy: ({ n }: Tick) => (where === 'key' ? inside(n) : n) }),
    });
    const got: string[] = [];
    let hasRun = false;
    const closed$ = new Subject<void>();
    const inside = (n: number): number => {
      if (hasRun) return n;
      hasRun = true;
      broker.send(a(10));
      broker.subscribe({ required: false, next: tick => void got.push(`plain ${tick.n}`) });
      broker.subscribe({ required: false, since: 'replay', next: tick => void got.push(`late ${tick.n}`) });
      closed$.next();
      return n;
    };
    broker.subscribe({ required: false, closed$, next: tick => void got.push(`leaving ${tick.n}`) });
    broker.send(a(1));
    if (where !== 'key') {
      const gets = { since: { after: ({ n }: Tick) => inside(n) < 0 }, missed: () => inside(0) };
      late(broker, { closed$, ...gets, ...(where === 'missed' ? { since: { after: () => false } } : {}) });
    }
    expect(got.filter(text => !text.startsWith('leaving'))).toEqual(
      where === 'key'
        ? ['plain 1', 'late 1', 'plain 10', 'late 10'] // it subscribed before 1 had reached anybody
        : ['late 1', 'plain 10', 'late 10'],
    );
    expect(broker.snapshot().subscribers).toMatchObject([
      { offered: where === 'key' ? 2 : 1, pending: 0 },
      { offered: 2, delivered: 2 },
    ]);
  });

  test('a subscriber that is registered inside a key function was not offered the event before', () => {
    const broker: EventBroker<Tick> = keeping({
      replay: replay({ keepLatestBy: ({ n }: Tick) => (n === 1 ? joins() : n) }),
    });
    const joins = (): number => late(broker, { since: undefined }).length;
    const seen: unknown[] = [];
    broker.subscribe({ required: false, next: () => void seen.push(broker.snapshot().subscribers[1]?.offered) });
    broker.send(a(1));
    broker.send(a(2));
    expect(seen).toEqual([0, 1]);
  });

  // whatever is called back before anybody gets the event may be the first to name its type; a type is read more than once
  test.each(['keepLatestBy', 'sizeOf', 'type'] as const)(
    'B1c who names the type inside %s gets the event, once',
    where => {
      let joined = 0;
      for (const since of [undefined, 'replay'] as const)
        for (const how of ['send', 'sendBatch', 'inside', 'firstEvent'] as const)
          for (const call of [1, 2, 3, 4]) {
            let calls = 0;
            let before = 0;
            let got: readonly unknown[] | undefined;
            const called = (of: typeof where): void => {
              if (of !== where || ++calls !== call) return;
              before = since === undefined ? all.length : 0;
              got = late(broker, { since, types: ['A'] });
            };
            const broker: EventBroker<Tick> = eventBroker<Tick>({
              sizeOf: ({ n }) => (n === 1 && called('sizeOf'), 1),
              replay: replay({ bytes: 9, keepLatestBy: ({ n }: Tick) => (n === 1 && called('keepLatestBy'), n) }),
              routeBatchBy: how === 'firstEvent' ? how : 'eachEvent',
            });
            const first: Tick = {
              get type(): 'A' {
                called('type');
                return 'A';
              },
              n: 1,
            };
            const all = late(broker, { since: undefined });
            const sends = ({ n }: Tick): void => {
              if (n === 0) broker.send(first);
            };
            broker.subscribe({ required: false, types: ['B'], next: sends });
            if (how === 'send') broker.send(first);
            else if (how === 'inside') broker.send(b(0));
            else broker.sendBatch([first, a(2)]);
            broker.send(a(3));
            if (got === undefined) continue;
            joined++;
            const sent = all.slice(before).filter(n => n !== 0);
            expect([since, how, call, got]).toEqual([since, how, call, sent]);
            expect(broker.snapshot().subscribers).toMatchObject([
              { offered: all.length },
              { offered: how === 'inside' ? 1 : 0 },
              { offered: sent.length, delivered: sent.length },
            ]);
          }
      expect(joined).toBeGreaterThanOrEqual(8);
    },
  );

  test('a broker that is closed inside a key function keeps nothing', async () => {
    const broker: EventBroker<Tick> = keeping({ replay: replay({ keepLatestBy: () => broker.close() }) });
    const got = late(broker);
    const ref = ((): WeakRef<Tick> => {
      const event = a(1);
      broker.send(event);
      return new WeakRef(event);
    })();
    await new Promise(resolve => setImmediate(resolve));
    collect();
    expect([got, ref.deref()]).toEqual([[], undefined]);
  });
});

describe('B21m B21n the end', () => {
  test('B21m a closed, stopped or draining broker accepts no late subscriber', () => {
    const closed = keeping();
    closed.send(a(1));
    closed.close();
    expect(() => late(closed)).toThrow(expect.objectContaining({ name: 'BrokerClosedError' }));
    const draining = keeping();
    draining.subscribe({ required: true, next: () => NEVER });
    draining.send(a(1));
    draining.drain().subscribe();
    expect(() => late(draining)).toThrow(expect.objectContaining({ name: 'BrokerClosedError' }));
  });

  test('B21m drain finishes a replay, even one that has not begun', () => {
    const broker = keeping();
    const work: Subject<void>[] = [];
    const got: number[] = [];
    const ends: string[] = [];
    broker.subscribe({
      required: false,
      next: ({ n }) => {
        if (n > 1) return;
        broker.subscribe({
          required: false,
          since: 'replay',
          next: tick => {
            got.push(tick.n);
            return (work[work.length] = new Subject<void>());
          },
        });
        broker.drain().subscribe(() => ends.push('drained'));
      },
    });
    broker.sendBatch([a(1), a(2)]);
    expect([got, ends]).toEqual([[1], []]);
    work[0]!.complete();
    work[1]!.complete();
    expect([got, ends]).toEqual([[1, 2], ['drained']]);
  });

  test('B21n a subscriber that closes in its replay gets nothing more of it; waiting events are dropped as at any close', () => {
    const broker = keeping();
    broker.sendBatch([a(1), a(2), a(3), a(4)]);
    const notices = noticesOf(broker);
    const closed$ = new Subject<void>();
    const got = late(broker, { closed$ });
    expect(got).toEqual([1, 2, 3, 4]);
    closed$.next();
    const sync: number[] = [];
    broker.subscribe({
      required: true,
      since: 'replay',
      closed$,
      next: ({ n }) => {
        sync.push(n);
        closed$.next();
      },
    });
    broker.subscribe({ required: false, capacity: 0, since: 'replay', closed$, next: () => NEVER });
    broker.send(a(5));
    closed$.next();
    expect(sync).toEqual([1]);
    expect(notices.filter(text => !text.startsWith('Subscribed'))).toEqual([
      'Closed 1',
      'Closed 1',
      'dropped overflow 1',
      'dropped overflow 1',
      'dropped closed 3',
      'Closed 1',
    ]);
  });

  test('B21n a subscriber that is closed before its turn gets nothing, and no type is left without a route', () => {
    const broker = keeping();
    const got: unknown[] = [];
    const seen: number[] = [];
    broker.subscribe({ required: false, types: ['B'], next: ({ n }) => void seen.push(n) });
    broker.subscribe({
      required: false,
      types: ['A'],
      next: () => {
        broker
          .subscribe({ required: false, types: ['B'], since: 'replay', next: tick => void got.push(tick) })
          .unsubscribe();
      },
    });
    broker.send(b(1));
    broker.send(a(2));
    // the route of B goes with the last who names it, and that is still there
    broker.subscribe({ required: false, types: ['B'], next: () => undefined }).unsubscribe();
    broker.send(b(3));
    expect([got, seen]).toEqual([[], [1, 3]]);
  });

  test('B21n close inside a replay ends it', () => {
    const broker = keeping();
    broker.sendBatch([a(1), a(2)]);
    const got: number[] = [];
    broker.subscribe({
      required: true,
      since: 'replay',
      next: ({ n }) => {
        got.push(n);
        broker.close();
      },
    });
    expect(got).toEqual([1]);
    expect(broker.snapshot()).toMatchObject({ subscribers: [{ offered: 1, delivered: 1, pending: 0 }] });
  });

  test('B21o a replayed event that fails for good stops the broker, and subscribe throws', () => {
    const broker = keeping();
    broker.send(a(1));
    const failing = {
      required: true,
      since: 'replay',
      name: 'store',
      next: () => {
        throw new Error('no');
      },
    } as const;
    expect(() => broker.subscribe(failing)).toThrow(
      expect.objectContaining({ name: 'BrokerStoppedError', subscriber: 'store', cause: new Error('no') }),
    );
    expect(() => broker.send(a(2))).toThrow(expect.objectContaining({ name: 'BrokerStoppedError' }));
    const streaming = keeping();
    streaming.send(a(1));
    const errors: unknown[] = [];
    streaming
      .stream({ required: true, since: 'replay', project: () => failing.next() })
      .subscribe({ error: error => errors.push(error) });
    expect(errors).toMatchObject([{ name: 'BrokerStoppedError' }]);
  });

  test('B21o if an event that was sent from inside a replay throws, the subscriber is closed, because subscribe does not return it', () => {
    const broker = keeping();
    broker.send(a(1));
    let reads = 0;
    const odd = {
      get type(): 'A' {
        if (++reads > 2) throw new Error('unreadable');
        return 'A';
      },
      n: 2,
    };
    broker.subscribe({ required: false, types: ['B'], next: () => undefined });
    expect(() => broker.subscribe({ required: false, since: 'replay', next: () => broker.send(odd) as never })).toThrow(
      'unreadable',
    );
    expect(broker.snapshot().subscribers).toHaveLength(1);
  });
});

describe('B21p options', () => {
  const option = (name: string) => expect.objectContaining({ name: 'OptionError', option: name });

  test('since needs replay in the broker, and has two forms', () => {
    const subscribe = (broker: EventBroker<Tick>, since: unknown) => () =>
      broker.subscribe({ required: false, since, next: () => undefined } as never);
    expect(subscribe(eventBroker<Tick>(), 'replay')).toThrow(
      /^since: expected the option replay of eventBroker as well, found 'replay'/,
    );
    for (const since of ['all', null, {}, { after: 5 }]) {
      const broker = keeping();
      expect(subscribe(broker, since)).toThrow(option('since'));
      expect(broker.snapshot().subscribers).toEqual([]);
    }
  });

  test('bounds', () => {
    expect(() => replay({ events: 0 })).toThrow(option('events'));
    expect(() => replay({ bytes: 0.5 })).toThrow(option('bytes'));
    expect(() => replay({ keepLatestBy: 'key' as never })).toThrow(option('keepLatestBy'));
    expect(() => replay({ size: 5 } as never)).toThrow(option('size'));
    expect(() => keeping({ replay: replay({ events: 6 }), maxPending: 5 })).toThrow(
      /^events: expected at most maxPending, which is 5, found 6/,
    );
    expect(() => keeping({ replay: replay({ bytes: 6 }) })).toThrow(
      /^bytes: expected the option sizeOf of eventBroker/,
    );
    expect(() => keeping({ replay: { events: 5 } as never })).toThrow(option('replay'));
  });

  test('one strategy serves several brokers', () => {
    const strategy = replay({ events: 2 });
    const [one, two] = [keeping({ replay: strategy }), keeping({ replay: strategy })];
    one.send(a(1));
    expect([late(one), late(two)]).toEqual([[1], []]);
  });
});

test('B21a equals ReplaySubject for a subscriber that subscribes outside a hand-over', () => {
  const broker = keeping({ replay: replay({ events: 3 }) });
  for (let n = 0; n < 5; n++) broker.send(a(n));
  const got: unknown[] = [];
  broker
    .stream({ required: false, since: 'replay' })
    .pipe(take(4), toArray())
    .subscribe(all => got.push(all));
  broker.send(a(5));
  expect(got).toEqual([[a(2), a(3), a(4), a(5)]]);
});
