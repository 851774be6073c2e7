import '../invariants.js';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  lastValueFrom,
  map,
  NEVER,
  Observable,
  of,
  Subject,
  Subscription,
  VirtualTimeScheduler,
  type SchedulerLike,
} from 'rxjs';
import { backpressure, eventBroker, gather, keepLatestBy, type Gap } from 'rx-event-broker';
import { runMarbles } from '../../../lib/testing/marbles/runMarbles.js';

interface Row {
  readonly type: 'Row';
  readonly n: number;
}
const row = (n: number): Row => ({ type: 'Row', n });
const numbersOf = (rows: readonly Row[]): string => rows.map(({ n }) => n).join();

/** A broker in virtual time, with a subscriber of gathered batches; work of `ms`, or none. */
const gathering = (of: Parameters<typeof gather>[0], given: object = {}, ms?: number) => {
  const scheduler = new VirtualTimeScheduler();
  const broker = eventBroker<Row>({ scheduler, sizeOf: ({ n }) => (n === 13 ? Number.NaN : 1) });
  const told: string[] = [];
  const stalls: number[] = [];
  broker.notices$.subscribe(notice => notice.type === 'Stalled' && stalls.push(scheduler.frame));
  const subscription = broker.subscribe({
    required: true,
    gather: gather(of),
    nextBatch: (rows: readonly Row[]) => {
      told.push(`${scheduler.frame}: ${numbersOf(rows)}`);
      if (ms === undefined) return undefined;
      return new Observable(subscriber => scheduler.schedule(() => subscriber.complete(), ms));
    },
    ...given,
  } as never);
  const at = (frame: number, ...batch: number[]): void => {
    scheduler.schedule(() => {
      if (batch.length === 1) broker.send(row(batch[0]!));
      else broker.sendBatch(batch.map(row));
    }, frame);
  };
  return { broker, scheduler, subscription, told, stalls, at, run: () => scheduler.flush() };
};

describe('B23a waiting events are delivered together', () => {
  test('maxWait 0: as soon as nothing is in flight, up to maxSize', () => {
    const { at, run, told } = gathering({ maxSize: 3 }, {}, 5);
    for (const n of [1, 2, 3, 4, 5]) at(n, n);
    run();
    expect(told).toEqual(['1: 1', '6: 2,3,4', '11: 5']);
  });

  test('B23b when maxSize events wait, or when the oldest has waited maxWait', () => {
    const { at, run, told } = gathering({ maxSize: 3, maxWait: 10 }, {}, 1);
    for (const frame of [1, 2, 3, 20, 25, 31]) at(frame, frame);
    run();
    expect(told).toEqual(['3: 1,2,3', '30: 20,25', '41: 31']);
  });

  test('B23b the wait of an event begins when it arrives, even while a delivery is in flight', () => {
    const { at, run, told } = gathering({ maxSize: 2, maxWait: 10 }, {}, 8);
    for (const frame of [1, 2, 4]) at(frame, frame);
    run();
    expect(told).toEqual(['2: 1,2', '14: 4']);
  });

  test('B23c batches are taken event by event, and split at maxSize', () => {
    const { at, run, told } = gathering({ maxSize: 4, maxWait: 10 });
    at(1, 1);
    at(2, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    run();
    expect(told).toEqual(['2: 1,2,3,4', '2: 5,6,7,8', '12: 9,10']);
  });

  test('B23b as marbles', () => {
    runMarbles(({ hot, expectObservable, expectSubscriptions }) => {
      const broker = eventBroker<Row>();
      const batches$ = new Subject<string>();
      broker.subscribe({
        required: true,
        gather: gather({ maxSize: 2, maxWait: 4 }),
        nextBatch: rows => batches$.next(numbersOf(rows)),
      });
      const source = hot('ab-c----|', { a: row(1), b: row(2), c: row(3) });
      expectObservable(batches$).toBe('-x-----y', { x: '1,2', y: '3' });
      expectObservable(broker.receive(source).pipe(map(({ sent }) => sent))).toBe('--------(s|)', { s: 3 });
      expectSubscriptions(source.subscriptions).toBe('^-------!');
    });
  });
});

describe('B23d without waiting', () => {
  test('when it is saturated', () => {
    const { at, run, told } = gathering({ maxSize: 9, maxWait: 100 }, { highWaterMark: 9, highWaterMarkBytes: 3 });
    for (const frame of [1, 2, 3, 4]) at(frame, frame);
    run();
    expect(told).toEqual(['3: 1,2,3', '104: 4']);
  });

  test('at the end of a source', async () => {
    const { broker, told } = gathering({ maxSize: 9, maxWait: 100 });
    const { subscribers } = await lastValueFrom(broker.receive(() => of(row(1), row(2))));
    expect([told, subscribers[0]?.delivered]).toEqual([['0: 1,2'], 2]);
    broker.send(row(3));
    expect(told).toEqual(['0: 1,2']);
  });

  test.each(['drain', 'unsubscribe'] as const)('%s', how => {
    const { broker, told, subscription } = gathering({ maxSize: 9, maxWait: 100 }, { drainOnClose: true });
    broker.send(row(1));
    broker.send(row(2));
    if (how === 'drain') broker.drain().subscribe();
    else subscription.unsubscribe();
    expect(told).toEqual(['0: 1,2']);
  });

  test('a drain from inside a batch delivers its rest, too', () => {
    const { broker, told } = gathering({ maxSize: 9, maxWait: 100 });
    let drained = false;
    broker.subscribe({
      required: true,
      next: ({ n }) => {
        if (n === 1) broker.drain().subscribe(() => (drained = true));
      },
    });
    broker.sendBatch([row(1), row(2)]);
    expect([told, drained]).toEqual([['0: 1,2'], true]);
  });
});

test('B23e a batch is retried as a whole, and fails as a whole', () => {
  const failed: string[] = [];
  const { broker, at, run, told } = gathering(
    { maxSize: 2, maxWait: 5 },
    {
      retry: 1,
      onFailure: 'continue',
      nextBatch: (rows: readonly Row[]) => {
        told.push(numbersOf(rows));
        throw new Error('no');
      },
    },
  );
  broker.notices$.subscribe(notice => notice.type === 'Failed' && failed.push(numbersOf(notice.events)));
  for (const frame of [1, 2, 3]) at(frame, frame);
  run();
  expect([told, failed]).toEqual([
    ['1,2', '1,2', '3', '3'],
    ['1,2', '3'],
  ]);
});

test('B23f waiting for more events is no stall; waiting for its turn is', () => {
  const waiting = gathering({ maxSize: 2, maxWait: 50 }, { stallAfter: 20 });
  waiting.at(1, 1);
  waiting.run();
  expect([waiting.told, waiting.stalls]).toEqual([['51: 1'], []]);
  const working = gathering({ maxSize: 1, maxWait: 50 }, { stallAfter: 20 }, 30);
  working.at(1, 1);
  working.run();
  expect(working.stalls).toEqual([21]);
});

describe('B23g options', () => {
  test('a bound below maxSize, no nextBatch, and nonsense are OptionErrors', () => {
    const broker = eventBroker<Row>();
    const subscribe = (given: object) => () =>
      broker.subscribe({ required: true, nextBatch: () => NEVER, ...given } as never);
    expect(subscribe({ gather: gather({ maxSize: 5 }), highWaterMark: 4 })).toThrow(
      /^maxSize: expected at most highWaterMark, which is 4, found 5/,
    );
    expect(subscribe({ gather: gather({ maxSize: 1025 }) })).toThrow(
      /^maxSize: expected at most highWaterMark, which is 1024/,
    );
    expect(subscribe({ gather: gather({ maxSize: 5 }), required: false, capacity: 4 })).toThrow(
      /^maxSize: expected at most capacity, which is 4/,
    );
    expect(subscribe({ gather: { maxSize: 5 } })).toThrow(/^gather: expected gather\(\{ maxSize, maxWait \}\), found /);
    expect(subscribe({ gather: gather({ maxSize: 5 }), nextBatch: undefined, next: () => NEVER })).toThrow(
      /^gather: expected a subscriber with nextBatch/,
    );
    expect(() => backpressure(of(1), { required: true, gather: gather({ maxSize: 5 }), project: () => NEVER })).toThrow(
      /^gather: /,
    );
    expect(() => gather({ maxSize: 0 })).toThrow(/^maxSize: /);
    expect(() => gather({ maxSize: 1, maxWait: -1 })).toThrow(/^maxWait: /);
    expect(() => gather({ size: 1 } as never)).toThrow(/^size: |^maxSize: /);
    expect(broker.snapshot().subscribers).toEqual([]);
  });
});

describe('B23h together with other strategies and bounds', () => {
  test('a delivery ends before a gap, and missed is called there', () => {
    const { at, run, told, broker } = gathering(
      { maxSize: 3, maxWait: 0 },
      { required: false, capacity: 3, missed: ({ count }: Gap<Row>) => void told.push(`missed ${count}`) },
      10,
    );
    at(1, 1);
    at(2, 2, 3, 4, 5);
    at(3, 6);
    run();
    expect(told).toEqual(['1: 1', '11: 2,3,4']);
    broker.send(row(7));
    expect(told.slice(2)).toEqual(['missed 2', '21: 7']);
  });

  /** What a subscriber says of a batch whose events 1 and 3 do not fit: there is room for one event of 1 byte. */
  const twoGaps = (onOpen: (close: () => void) => void = () => undefined): readonly string[] => {
    const broker = eventBroker<Row>({ sizeOf: ({ n }) => (n === 3 ? 2 : 1) });
    const told: string[] = [];
    broker.notices$.subscribe(notice => {
      if (notice.type === 'Closed') told.push('closed');
      if (notice.type !== 'Dropped') return;
      told.push(`${notice.open ? 'open' : 'total'} ${notice.first.n}`);
      if (notice.open) onOpen(() => subscription.unsubscribe());
    });
    const subscription = broker.subscribe({
      required: false,
      capacity: 1,
      capacityBytes: 1,
      overflow: 'dropOldest',
      gather: gather({ maxSize: 1 }),
      nextBatch: rows => void told.push(numbersOf(rows)),
    });
    broker.sendBatch([row(1), row(2), row(3)]);
    broker.close();
    return told;
  };

  test('B3k a batch that opens two gaps announces both, and then their totals', () => {
    expect(twoGaps()).toEqual(['open 1', 'open 3', 'total 1', '2', 'total 3', 'closed']);
  });

  test('B3k if it is closed when the first gap is announced, it announces nothing after its end', () => {
    expect(twoGaps(close => close()).slice(0, 1)).toEqual(['open 1']);
    expect(twoGaps(close => close()).at(-1)).toBe('closed');
  });

  test('keepLatestBy: the latest of all keys every 10 ms', () => {
    const { at, run, told } = gathering(
      { maxSize: 5, maxWait: 10 },
      { required: false, capacity: 5, overflow: keepLatestBy(({ n }: Row) => n % 2) },
    );
    for (const frame of [1, 2, 3, 5, 9]) at(frame, frame);
    run();
    expect(told).toEqual(['11: 9,2']);
  });

  test('an event without a size fails alone', () => {
    const { at, run, told, broker } = gathering(
      { maxSize: 5, maxWait: 10 },
      { onFailure: 'continue', highWaterMarkBytes: 100 },
    );
    at(1, 1, 13, 2);
    run();
    expect(told).toEqual(['11: 1', '11: 2']);
    expect(broker.snapshot().subscribers[0]).toMatchObject({ delivered: 2, failed: 1 });
  });

  test('a scheduler that throws delays nothing', () => {
    const scheduler = new VirtualTimeScheduler();
    const { schedule } = scheduler;
    scheduler.schedule = () => {
      throw new Error('no timers');
    };
    const broker = eventBroker<Row>({ scheduler });
    const told: string[] = [];
    const written: unknown[] = [];
    const { error } = console;
    console.error = (_: unknown, thrown: unknown) => void written.push(String(thrown));
    broker.subscribe({
      required: true,
      stallAfter: Infinity,
      gather: gather({ maxSize: 5, maxWait: 10 }),
      nextBatch: rows => void told.push(numbersOf(rows)),
    });
    broker.send(row(1));
    console.error = error;
    scheduler.schedule = schedule;
    expect([told, written]).toEqual([['1'], ['Error: no timers']]);
  });
});

test('B23b a timer that fires before its time, as those of a platform do, delivers all the same', () => {
  const timers: (() => void)[] = [];
  const scheduler = {
    now: () => 0,
    schedule: (work: () => void) => {
      timers.push(work);
      return new Subscription();
    },
  } as unknown as SchedulerLike;
  const told: string[] = [];
  const broker = eventBroker<Row>({ scheduler });
  broker.subscribe({
    required: true,
    stallAfter: Infinity,
    gather: gather({ maxSize: 5, maxWait: 10 }),
    nextBatch: rows => void told.push(numbersOf(rows)),
  });
  broker.send(row(1));
  expect([told, timers.length]).toEqual([[], 1]);
  timers[0]!();
  expect([told, timers.length]).toEqual([['1'], 1]);
});

test('B23a B23b B23d for any events at any time, it delivers as a plain list would', () => {
  const step = fc.record({ after: fc.integer({ min: 0, max: 6 }), size: fc.integer({ min: 1, max: 4 }) });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 8 }),
      fc.integer({ min: 1, max: 7 }),
      fc.array(step, { minLength: 1, maxLength: 12 }),
      (maxSize, maxWait, ms, steps) => {
        const { at, run, told } = gathering({ maxSize, maxWait }, { highWaterMark: 1000 }, ms);
        const arrivals: { readonly n: number; readonly frame: number }[] = [];
        let frame = 0;
        for (const { after, size } of steps) {
          // no two things at one instant: the list does not know their order
          frame += after * 100 + 1;
          const batch = Array.from({ length: size }, (_, i) => arrivals.length + i);
          for (const n of batch) arrivals.push({ n, frame });
          at(frame, ...batch);
        }
        run();
        expect(told).toEqual(expected(arrivals, maxSize, maxWait, ms));
      },
    ),
  );
});

/** A list: when the one before has finished, the next begins once enough wait, or the oldest has waited. */
const expected = (
  arrivals: readonly { readonly n: number; readonly frame: number }[],
  maxSize: number,
  maxWait: number,
  ms: number,
): readonly string[] => {
  const told: string[] = [];
  let rest = arrivals;
  let free = 0;
  while (rest.length > 0) {
    const oldest = rest[0]!.frame + maxWait;
    const full = rest[maxSize - 1]?.frame ?? Infinity;
    const begins = Math.max(free, Math.min(oldest, full));
    const batch = rest.filter(({ frame }) => frame <= begins).slice(0, maxSize);
    told.push(`${begins}: ${batch.map(({ n }) => n).join()}`);
    rest = rest.slice(batch.length);
    free = begins + ms;
  }
  return told;
};
