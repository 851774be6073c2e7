import { describe, expect, jest, test } from '@jest/globals';
import { NEVER, Subject, throwError, timer } from 'rxjs';
import {
  backpressure,
  eventBroker,
  fanOut,
  keepLatestBy,
  memoryParking,
  park,
  type EventBroker,
} from 'rx-event-broker';
import { inspect, inspector, type InspectRecord } from 'rx-event-broker/inspect';
import { runMarbles, type MarbleHelpers } from 'rx-event-broker/testing';

interface Tick {
  readonly type: string;
  readonly n: number;
}

const ticks = Object.fromEntries([...'abcdef'].map((letter, n): [string, Tick] => [letter, { type: letter, n }]));

/** A record in a word: `3 began a of chart, 2 pending`. */
const inWords = ({ at, kind, type, subscriber, count, attempt, reason, backlog, event }: InspectRecord): string =>
  [
    `${at} ${kind}`,
    type === undefined ? '' : ` ${type}${event ?? ''}`,
    count === undefined ? '' : ` x${count}`,
    attempt === undefined ? '' : ` try ${attempt}`,
    subscriber === undefined ? '' : ` ${subscriber.name}`,
    reason === undefined ? '' : ` (${reason})`,
    backlog === undefined ? '' : ` ${backlog}`,
  ].join('');

/** What is recorded in virtual time of what is done to a broker, after the first records. */
const recorded = (
  marbles: string,
  subscribe: (broker: EventBroker<Tick>, helpers: MarbleHelpers) => void,
  kinds?: readonly InspectRecord['kind'][],
): readonly string[] => {
  const records: InspectRecord[] = [];
  runMarbles(helpers => {
    const broker = eventBroker<Tick>();
    inspect(broker, record => void records.push(record));
    subscribe(broker, helpers);
    broker.receive(helpers.hot(marbles, ticks)).subscribe({ error: () => undefined });
  });
  return records.filter(({ kind }) => kinds?.includes(kind) ?? !['opened', 'subscribed'].includes(kind)).map(inWords);
};

describe('Y1a the records of a broker', () => {
  test('a delivery within the call, and one that takes time', () => {
    expect(
      recorded('a-b', broker => {
        broker.subscribe({ required: true, name: 'sync', next: () => undefined });
        broker.subscribe({ required: true, name: 'slow', next: () => timer(3) });
      }),
    ).toEqual([
      ...['0 offered a1 sync 1', '0 began a1 sync 1', '0 ended a1 sync 0', '0 offered a1 slow 1', '0 began a1 slow 1'],
      ...['2 offered b2 sync 1', '2 began b2 sync 1', '2 ended b2 sync 0', '2 offered b2 slow 2'],
      ...['3 ended a1 slow 1', '3 began b2 slow 1', '6 ended b2 slow 0'],
    ]);
  });

  test('a handler that returns something else has ended', () => {
    expect(
      recorded('a', broker => {
        broker.subscribe({ required: true, name: 's', next: ({ n }) => n + 1 });
      }),
    ).toEqual(['0 offered a1 s 1', '0 began a1 s 1', '0 ended a1 s 0']);
  });

  test('a drop of the newest, of the oldest, and a superseded event', () => {
    const slow = (n: object) =>
      recorded(
        'abc',
        broker => broker.subscribe({ required: false, name: 's', capacity: 1, ...n, next: () => timer(9) }),
        ['dropped', 'superseded', 'began', 'ended'],
      );
    expect(slow({})).toEqual([
      ...['0 began a1 s 1', '2 dropped c3 s (overflow) 2', '9 ended a1 s 1', '9 began b2 s 1', '18 ended b2 s 0'],
    ]);
    expect(slow({ overflow: 'dropOldest' })).toEqual([
      ...['0 began a1 s 1', '2 dropped b2 s (overflow) 2', '9 ended a1 s 1', '9 began c3 s 1', '18 ended c3 s 0'],
    ]);
    expect(slow({ overflow: keepLatestBy(() => 1) })).toEqual([
      ...['0 began a1 s 1', '2 superseded b2 s 2', '9 ended a1 s 1', '9 began c3 s 1', '18 ended c3 s 0'],
    ]);
  });

  test('tries and failures, with the message of the error', () => {
    expect(
      recorded('a', broker => {
        broker.subscribe({
          ...{ required: true, name: 's', onFailure: 'continue', retry: { count: 1, delay: 5 } },
          next: () => throwError(() => new TypeError('no')),
        });
        broker.notices$.subscribe();
      }),
    ).toEqual([
      ...['0 offered a1 s 1', '0 began a1 s 1', '0 retrying a1 s (TypeError: no) 1'],
      ...['5 began a1 try 2 s 1', '5 failed a1 s (TypeError: no) 0'],
    ]);
    expect(
      recorded('a', broker => {
        broker.subscribe({
          ...{ required: true, name: 's', onFailure: 'continue' },
          next: () => {
            throw new Error('now');
          },
        });
        broker.notices$.subscribe();
      }),
    ).toEqual(['0 offered a1 s 1', '0 began a1 s 1', '0 failed a1 s (Error: now) 0']);
  });

  test('a parked event keeps its number and its reason, whatever it failed with; one that is parked untried says so', () => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    for (const fails of [
      () => throwError(() => undefined),
      () => {
        throw undefined;
      },
    ])
      expect(
        recorded(
          'a-b',
          broker => {
            broker.subscribe({
              ...{ required: true, name: 's', onFailure: park(memoryParking(), { by: () => 1 }) },
              next: fails,
            } as never);
            broker.notices$.subscribe();
          },
          ['failed'],
        ),
      ).toEqual(['0 failed a1 s (undefined) 0', '2 failed b2 s (parked behind events of its key) 0']);
  });

  test('names and types are truncated', () => {
    const records: InspectRecord[] = [];
    const broker = eventBroker<Tick>();
    const long = 'x'.repeat(1000);
    const stop = inspect(broker, record => void records.push(record), { name: long });
    broker.subscribe({ required: true, name: long, types: [long], next: () => undefined });
    broker.send({ type: long, n: 1 });
    stop();
    const cut = long.slice(0, 200);
    expect(records[1]).toMatchObject({ broker: cut, subscriber: { name: cut }, settings: { types: [cut] } });
    expect(records[2]).toMatchObject({ type: cut });
  });

  test('which subscriber is saturated, and when the source is paused', () => {
    expect(
      recorded(
        'abcd',
        broker => broker.subscribe({ required: true, name: 's', highWaterMark: 2, next: () => timer(5) }),
        ['saturated', 'cleared', 'paused', 'resumed'],
      ),
    ).toEqual(['1 saturated s 2', '1 paused', '15 cleared s 1', '15 resumed']);
  });

  test('skip, hold, a stall and the close', () => {
    expect(
      recorded('abc', (broker, { level, hot }) => {
        broker.subscribe({ required: false, name: 'skips', skip$: level('-tf'), next: () => undefined });
        broker.subscribe({ required: true, name: 'holds', hold$: level('-t-f'), stallAfter: 4, next: () => NEVER });
        hot('---------x').subscribe(() => broker.close());
      }),
    ).toEqual([
      ...[
        '0 offered a1 skips 1',
        '0 began a1 skips 1',
        '0 ended a1 skips 0',
        '0 offered a1 holds 1',
        '0 began a1 holds 1',
      ],
      ...['1 held holds 1', '1 skipped b2 skips 0', '1 offered b2 holds 2'],
      ...['2 offered c3 skips 1', '2 began c3 skips 1', '2 ended c3 skips 0', '2 offered c3 holds 3'],
      ...['3 released holds 3', '4 stalled a1 holds 3'],
      ...['9 closed skips 0', '9 dropped b2 holds (closed) 2', '9 dropped c3 holds (closed) 1'],
      ...['9 failed a1 holds (closed during its work) 0', '9 closed holds 0', '9 closed'],
    ]);
  });

  test('a subscriber that is closed in the call that returns its work', () => {
    expect(
      recorded('a', broker => {
        const subscription = broker.subscribe({
          required: true,
          name: 's',
          next: () => {
            subscription.unsubscribe();
            return NEVER;
          },
        });
      }),
    ).toEqual([...['0 offered a1 s 1', '0 began a1 s 1', '0 failed a1 s (closed during its work) 0', '0 closed s 0']]);
  });

  test('a subscriber with nextBatch is recorded as one', () => {
    const records: InspectRecord[] = [];
    const broker = eventBroker<Tick>();
    broker.subscribe({ required: true, nextBatch: () => undefined });
    broker.subscribe({ required: true, next: () => undefined });
    inspect(broker, record => void records.push(record))();
    const subscribed = records.filter(({ kind }) => kind === 'subscribed');
    expect(subscribed.map(({ settings }) => settings?.batches)).toEqual([true, undefined]);
  });

  test('a batch is one record with its count', () => {
    const records: string[] = [];
    const broker = eventBroker<Tick>();
    const stop = inspect(broker, record => void records.push(inWords({ ...record, at: 0 })));
    broker.subscribe({ required: true, name: 's', types: ['a', 'c'], nextBatch: () => undefined });
    broker.sendBatch([ticks['a']!, ticks['b']!, ticks['c']!]);
    stop();
    expect(records.slice(2)).toEqual(['0 offered a1 x2 s 2', '0 began a1 x2 s 2', '0 ended a1 x2 s 0', '0 stopped']);
  });
});

describe('Y1a the records of operators', () => {
  test('backpressure', () => {
    const records: string[] = [];
    runMarbles(({ cold, expectObservable }) => {
      const inspect = inspector(record => void records.push(inWords(record)));
      const result$ = backpressure(cold('abc|', ticks), {
        ...{ required: false, capacity: 0, name: 'save', inspect },
        project: () => timer(5),
      });
      expectObservable(result$).toBe('-----(x|)', { x: 0 });
    });
    expect(records).toEqual([
      ...['0 opened', '0 subscribed save 0', '0 offered a1 save 1', '0 began a1 save 1'],
      ...[
        '1 offered b2 save 2',
        '1 dropped b2 save (overflow) 1',
        '2 offered c3 save 2',
        '2 dropped c3 save (overflow) 1',
      ],
      ...['5 ended a1 save 0', '5 closed save 0', '5 closed'],
    ]);
  });

  test('fanOut: a value has the same number in every branch', () => {
    const records: string[] = [];
    runMarbles(({ cold, level, expectObservable }) => {
      const inspect = inspector(record => void records.push(inWords(record)));
      const branch = fanOut(cold('ab|', ticks), { expectedSubscribers: 2, bufferSize: 2, inspect });
      expectObservable(branch(level('f'))).toBe('ab|', ticks);
      expectObservable(branch(level('t--f'))).toBe('---(ab|)', ticks);
    });
    expect(records.filter(record => !record.includes('branch 1') && !record.includes('subscribed'))).toEqual([
      ...['0 opened', '0 held fan-out branch 2 0', '0 offered a1 fan-out branch 2 1'],
      ...['1 offered b2 fan-out branch 2 2', '1 saturated fan-out branch 2 2', '1 paused'],
      // the source has ended: it needs no pause
      ...['2 cleared fan-out branch 2 2', '2 resumed'],
      ...['3 released fan-out branch 2 2', '3 began a1 fan-out branch 2 2', '3 ended a1 fan-out branch 2 1'],
      ...['3 began b2 fan-out branch 2 1', '3 ended b2 fan-out branch 2 0', '3 closed fan-out branch 2 0', '3 closed'],
    ]);
  });
});

describe('Y1 how it is recorded', () => {
  const broken = (): { readonly broker: EventBroker<Tick>; readonly records: InspectRecord[] } => ({
    broker: eventBroker<Tick>(),
    records: [],
  });
  const flushed = (): Promise<void> => new Promise(resolve => setTimeout(resolve));

  test('Y1c existing subscribers are recorded, with their pending events', () => {
    const { broker, records } = broken();
    broker.subscribe({ required: true, name: 's', highWaterMark: 2, next: () => NEVER });
    broker.send(ticks['a']!);
    broker.send(ticks['b']!);
    inspect(broker, record => void records.push(record))();
    expect(records.map(record => inWords({ ...record, at: 0 }))).toEqual([
      ...['0 opened', '0 subscribed s 2', '0 paused', '0 stopped'],
    ]);
  });

  test('Y1d records come in a microtask, and the number of those that did not fit is reported', async () => {
    const { broker, records } = broken();
    broker.subscribe({ required: false, name: 's', next: () => undefined });
    inspect(broker, record => void records.push(record), { capacity: 3 });
    broker.send(ticks['a']!);
    broker.send(ticks['b']!);
    expect(records).toEqual([]);
    await flushed();
    expect(records.map(({ n, kind, count, event }) => [n, kind, count, event])).toEqual([
      ...[
        [5, 'lost', 5, undefined],
        [6, 'offered', undefined, 2],
        [7, 'began', undefined, 2],
        [8, 'ended', undefined, 2],
      ],
    ]);
  });

  test('Y1d the key function is called outside of deliveries; if it throws, there is no key', async () => {
    const { broker, records } = broken();
    let isInside = false;
    broker.subscribe({
      required: true,
      next: () => {
        isInside = true;
        isInside = false;
      },
    });
    inspect(broker, record => void records.push(record), {
      keyOf: ({ n }) => {
        expect(isInside).toBe(false);
        if (n === 1) throw new Error('no key');
        return n;
      },
    });
    broker.send(ticks['a']!);
    broker.send(ticks['b']!);
    await flushed();
    expect(records.slice(2).map(({ key }) => key)).toEqual(['0', '0', '0', undefined, undefined, undefined]);
  });

  test('Y1a of a broker without subscribers: that it is closed, once', async () => {
    const { broker, records } = broken();
    inspect(broker, record => records.push(record));
    broker.close();
    await flushed();
    expect(records.map(({ kind }) => kind)).toEqual(['opened', 'closed']);
  });

  test('Y1e an observer that throws, or calls the broker, affects nothing else', async () => {
    const error = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const { broker, records } = broken();
    const seen: Tick[] = [];
    inspect(broker, record => {
      records.push(record);
      if (record.kind === 'ended') broker.close();
      throw new Error('observer');
    });
    broker.subscribe({ required: true, next: tick => void seen.push(tick) });
    broker.send(ticks['a']!);
    broker.send(ticks['b']!);
    await flushed();
    expect(seen).toHaveLength(2);
    expect(records.map(({ kind }) => kind)).toEqual([
      ...['opened', 'subscribed', 'offered', 'began', 'ended', 'offered', 'began', 'ended', 'closed', 'closed'],
    ]);
    expect(error).toHaveBeenCalledTimes(1);
    error.mockRestore();
  });

  test('Y1f inside a delivery it begins when everything has reached every subscriber, and stops immediately', () => {
    const { broker, records } = broken();
    let stop = (): void => undefined;
    broker.subscribe({
      ...{ required: true, name: 's' },
      next: ({ type }) => {
        if (type === 'a') stop = inspect(broker, record => void records.push(record));
        if (type === 'a') broker.send(ticks['b']!);
        if (type === 'd') stop();
      },
    });
    for (const letter of ['a', 'c', 'd', 'e']) broker.send(ticks[letter]!);
    expect(records.map(record => inWords({ ...record, at: 0 }))).toEqual([
      ...['0 opened', '0 subscribed s 0', '0 offered c3 s 1', '0 began c3 s 1', '0 ended c3 s 0'],
      ...['0 offered d4 s 1', '0 began d4 s 1', '0 stopped'],
    ]);
  });

  test('Y1f two inspections of one broker have their own records, and a closed broker has none', async () => {
    const { broker, records } = broken();
    const others: InspectRecord[] = [];
    let completed = 0;
    const stop = inspect(broker, { next: record => void records.push(record), complete: () => completed++ });
    broker.subscribe({ required: true, name: 's', next: () => undefined });
    broker.send(ticks['a']!);
    inspect(broker, record => void others.push(record), { name: 'market' });
    broker.send(ticks['b']!);
    stop();
    stop();
    broker.send(ticks['c']!);
    broker.close();
    await flushed();
    expect(completed).toBe(1);
    expect(records.filter(({ kind }) => kind === 'ended')).toHaveLength(2);
    expect(others.map(({ kind, broker: name, event }) => [name, kind, event])).toEqual([
      ...['opened', 'subscribed'].map(kind => ['market', kind, undefined]),
      ...[2, 3].flatMap(n => ['offered', 'began', 'ended'].map(kind => ['market', kind, n])),
      ...['closed', 'closed'].map(kind => ['market', kind, undefined]),
    ]);
    const last: string[] = [];
    inspect(broker, { next: ({ kind }) => void last.push(kind), complete: () => last.push('completed') });
    await flushed();
    expect(last).toEqual(['opened', 'closed', 'completed']);
  });

  test('Y1f an inspector records several, in one order, until it stops', () => {
    const records: InspectRecord[] = [];
    const shared = inspector(record => void records.push(record));
    const brokers = [eventBroker<Tick>(), eventBroker<Tick>()];
    const leave = brokers.map(broker => inspect(broker, shared));
    for (const broker of brokers) broker.subscribe({ required: true, next: () => undefined });
    for (const broker of brokers) broker.send(ticks['a']!);
    leave[0]!();
    for (const broker of brokers) broker.send(ticks['b']!);
    shared.stop();
    expect(records.map(({ broker, kind }) => `${broker.slice(-1)} ${kind}`)).toEqual([
      ...['1 opened', '2 opened', '1 subscribed', '2 subscribed'],
      ...['1 offered', '1 began', '1 ended', '2 offered', '2 began', '2 ended', '1 stopped'],
      ...['2 offered', '2 began', '2 ended', '2 stopped'],
    ]);
    expect(records.map(({ n }) => n)).toEqual(records.map((_, i) => i + 1));
  });

  test('Y1 values that are not a broker, and invalid options, are rejected', () => {
    expect(() => inspect({} as never, () => undefined)).toThrow('broker: expected a broker, as eventBroker() gives it');
    expect(() => inspect(eventBroker(), {} as never)).toThrow(
      'observer: expected a function, or an observer with next',
    );
    expect(() => inspect(eventBroker(), () => undefined, { capacity: 0 })).toThrow('capacity: expected');
    expect(() =>
      inspect(
        eventBroker(),
        inspector(() => undefined),
        { capacity: 4 },
      ),
    ).toThrow('capacity: expected');
    expect(() => backpressure(new Subject(), { required: false, project: () => [], inspect: 3 as never })).toThrow(
      'inspect: expected an inspector',
    );
  });
});
