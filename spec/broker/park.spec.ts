import { afterEach, describe, expect, jest, test } from '@jest/globals';
import {
  defer,
  finalize,
  lastValueFrom,
  map,
  NEVER,
  Observable,
  of,
  range,
  Subject,
  tap,
  throwError,
  timer,
} from 'rxjs';
import type { BrokerSnapshot } from '../../lib/broker/BrokerSnapshot.js';
import type { Pausable } from '../../lib/flow/contract/Pausable.js';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import type { Parking } from '../../lib/flow/contract/Parking.js';
import { ParkingFullError } from '../../lib/flow/contract/ParkingFullError.js';
import { memoryParking } from '../../lib/flow/parking/memoryParking.js';
import { gather } from '../../lib/flow/strategies/gather.js';
import { lanes } from '../../lib/flow/strategies/lanes.js';
import { park } from '../../lib/flow/strategies/park.js';
import { eventBroker } from '../../lib/broker/eventBroker.js';
import type { Subscriber } from '../../lib/broker/Subscriber.js';
import { backpressure } from '../../lib/operators/backpressure.js';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';
import type { Work } from '../../lib/flow/mailbox/Work.js';

interface Pay {
  readonly type: 'Pay';
  readonly name: string;
}
const pay = (name: string): Pay => ({ type: 'Pay', name });
const values = Object.fromEntries(['a', 'b', 'c', 'd'].map(sign => [sign, pay(`${sign}1`)]));
const account = ({ name }: Pay) => name[0];

afterEach(() => {
  jest.restoreAllMocks();
});

/** A parking whose methods do what the test says. */
const parkingThat = (methods: Partial<Record<'park' | 'parkBehind', unknown>>): Parking<Pay> =>
  ({ ...memoryParking<Pay>(), risk: undefined, parkBehind: () => false, ...methods }) as unknown as Parking<Pay>;

/** What happens to one subscriber, in words. */
const started = (parking: Parking<Pay>, options: Partial<Subscriber<Pay, never>> & object, parkOptions = {}) => {
  const log: string[] = [];
  const broker = eventBroker<Pay>();
  broker.notices$.subscribe(notice => {
    const line = inWords(notice);
    if (line !== undefined) log.push(line);
  });
  broker.subscribe({
    name: 'payments',
    required: true,
    onFailure: park(parking, parkOptions),
    next: ({ name }: Pay) => {
      log.push(name);
      throw new Error(`no ${name}`);
    },
    ...options,
  } as never);
  const send = (...names: string[]): string | undefined => {
    try {
      for (const name of names) broker.send(pay(name));
    } catch (error) {
      const { cause } = error as { readonly cause?: unknown };
      return `${(error as Error).name}: ${String((cause as Error | undefined)?.name ?? cause)}`;
    }
    return undefined;
  };
  const tally = () => {
    const [first] = broker.snapshot().subscribers;
    return first && [first.offered, first.delivered, first.failed, first.pending];
  };
  return { broker, log, send, tally };
};

const inWords = (notice: Notice<Pay>): string | undefined => {
  switch (notice.type) {
    case 'Failed':
      return `Failed ${notice.events.map(({ name }) => name).join()} ${notice.attempts} ${((notice.error as Partial<Error>).message ?? String(notice.error)).slice(0, 60)}`;
    case 'Parked':
      return `${notice.isBehind ? 'behind' : 'Parked'} ${notice.events.map(({ name }) => name).join()}`;
    case 'AtRisk':
      return notice.what;
    case 'Closed':
      return `Closed ${notice.unfinished.map(({ name }) => name).join()}`;
    default:
      return undefined;
  }
};

const names = async (parking: Parking<Pay>) => (await parking.list()).map(({ event }) => event.name);

describe('what is parked', () => {
  test('B22a the next delivery begins when the failed event is stored, which is settled then', () => {
    runMarbles(({ hot, cold, requiredProbe, expectDeliveries, expectObservable }) => {
      const broker = eventBroker<Pay>();
      broker.notices$.subscribe();
      const stored: string[] = [];
      const parking = parkingThat({
        park: (events: readonly Pay[]) => {
          stored.push(...events.map(({ name }) => name));
          return cold('---|');
        },
      });
      const probe = requiredProbe(['-#', '-|', '-|'], {});
      broker.subscribe({ ...probe, name: 'payments', onFailure: park(parking) });
      expectObservable(broker.receive(hot('ab|', values)).pipe(map(() => stored))).toBe('-----(s|)', { s: ['a1'] });
      expectDeliveries(probe).toBe({ began: 'a---b', failed: '-a', done: '-----b' }, values);
    });
  });

  test('B22a with lanes, other keys go on while one is stored', () => {
    runMarbles(({ hot, cold, expectObservable }) => {
      const parking = parkingThat({ park: () => cold('-----|') });
      const work = (event: Pay): Observable<string> =>
        event.name === 'a1' ? cold('-#') : cold('-(x|)').pipe(map(() => event.name));
      const done$ = hot('abc-------|', values).pipe(
        backpressure({
          name: 'payments',
          required: true,
          lanes: lanes({ concurrency: 2, by: account }),
          onFailure: park(parking),
          notices: { next: () => undefined },
          project: work,
        }),
      );
      expectObservable(done$).toBe('--bc------|', { b: 'b1', c: 'c1' });
    });
  });

  test('B22c an event is settled when it is stored, and counts as failed', () => {
    runMarbles(({ cold, expectObservable }) => {
      const broker = eventBroker<Pay>();
      broker.notices$.subscribe();
      const next = (): Observable<never> => throwError(() => new Error('no'));
      broker.subscribe({
        name: 'payments',
        required: true,
        onFailure: park(parkingThat({ park: () => cold('---|') })),
        next,
      });
      let settled$: Observable<number> = NEVER;
      const source: Pausable<Pay> = (_, settlement) => {
        settled$ = settlement.settled$;
        return cold('a------|', values);
      };
      const counts = map(({ subscribers: [first] }: BrokerSnapshot) => [first?.delivered, first?.failed]);
      expectObservable(broker.receive(source).pipe(counts)).toBe('-------(x|)', { x: [0, 1] });
      expectObservable(defer(() => settled$)).toBe('0--1---|', { 0: 0, 1: 1 });
    });
  });

  test.each(['park', 'parkBehind'] as const)(
    '%s gets the settlement of the source that is received, or null',
    method => {
      const told: unknown[] = [];
      const given: unknown[] = [];
      const broker = eventBroker<Pay>();
      broker.notices$.subscribe();
      const parking = parkingThat({ [method]: (...args: unknown[]) => told.push(args.at(-1)) < 0 });
      broker.subscribe({
        name: 'payments',
        required: true,
        onFailure: park(parking, { by: account }),
        next: () => {
          if (method === 'park') throw new Error('no');
        },
      });
      broker.send(pay('a1'));
      broker
        .receive((_, settlement) => {
          given.push(settlement);
          return of(pay('b1'));
        })
        .subscribe();
      expect(told.map(who => (who as { settlement?: unknown }).settlement)).toEqual([null, given[0]]);
      expect(given[0]).toBeDefined();
    },
  );

  test('B22n the risk of a crash is announced once', () => {
    const { log, send } = started(memoryParking<Pay>(), {});
    send('a1', 'b1');
    expect(log.filter(line => line.includes('a crash loses'))).toEqual([
      'memoryParking: a crash loses all parked events',
    ]);
  });

  test('B22b later events of the key are parked untried; others are delivered', async () => {
    const parking = memoryParking<Pay>();
    const { log, send, tally } = started(
      parking,
      {
        next: ({ name }: Pay) => {
          log.push(name);
          if (name === 'a1') throw new Error('no');
        },
      },
      { by: account },
    );
    expect(send('a1', 'b1', 'a2', 'b2', 'a3')).toBeUndefined();
    expect(log).toEqual([
      'a1',
      'Failed a1 1 no',
      'Parked a1',
      'memoryParking: a crash loses all parked events',
      'b1',
      'behind a2',
      'b2',
      'behind a3',
    ]);
    expect(tally()).toEqual([5, 2, 3, 0]);
    expect(await names(parking)).toEqual(['a1', 'a2', 'a3']);
    await parking.discard(['1', '2', '3']);
    send('a4');
    expect(log.at(-1)).toBe('a4');
  });

  test('B22b with the key of lanes, right after a restart', async () => {
    const parking = memoryParking<Pay>();
    await parking.park([pay('a1')], 'no', { subscriber: 'payments', key: 'a', most: 10 });
    const { log, send } = started(parking, { lanes: lanes({ concurrency: 2, by: account }) });
    send('a2');
    expect(log.slice(0, 1)).toEqual(['behind a2']);
    expect(await names(parking)).toEqual(['a1', 'a2']);
  });

  test('B22p the events of a batch are parked one by one', async () => {
    const parking = memoryParking<Pay>();
    const nextBatch = (): never => {
      throw new Error('no');
    };
    const { broker, log } = started(parking, { next: undefined, nextBatch, gather: gather({ maxSize: 10 }) } as never);
    broker.sendBatch([pay('a1'), pay('b1')]);
    expect(log.slice(0, 2)).toEqual(['Failed a1,b1 1 no', 'Parked a1,b1']);
    expect(await names(parking)).toEqual(['a1', 'b1']);
  });
});

describe('a parking that fails', () => {
  test('B22d storing is retried as retry says, and the delivery is not', () => {
    runMarbles(({ cold, expectObservable, hot }) => {
      let parks = 0;
      const parking = parkingThat({
        park: () => (++parks < 3 ? throwError(() => new Error('full disk')) : cold('-|')),
      });
      const tries: string[] = [];
      const done$ = hot('a-|', values).pipe(
        backpressure({
          name: 'payments',
          required: true,
          retry: { count: 2, delay: 2 },
          onFailure: park(parking),
          notices: { next: notice => inWords(notice) !== undefined && tries.push(inWords(notice)!) },
          project: ({ name }) => {
            tries.push(name);
            return throwError(() => new Error('no'));
          },
        }),
      );
      // two retries of the delivery, two of the parking, and its work
      expectObservable(done$).toBe('---------|');
      expectObservable(timer(12).pipe(map(() => [tries, parks]))).toBe('------------(x|)', {
        x: [['a1', 'a1', 'a1', 'Failed a1 3 no', 'Parked a1', 'Closed '], 3],
      });
    });
  });

  test.each([
    [
      'throws',
      {
        park: () => {
          throw new Error('no disk');
        },
      },
      'payments: onFailure failed: Error: no disk, after the delivery had failed: Error: no a1',
    ],
    [
      'rejects',
      { park: () => Promise.reject(new Error('no disk')) },
      'payments: onFailure failed: Error: no disk, after',
    ],
    [
      'has a getter that throws',
      {
        park: () => ({
          get then(): never {
            throw new Error('no then');
          },
        }),
      },
      'no then, after',
    ],
    [
      'asks in vain: throws',
      {
        parkBehind: () => {
          throw new Error('no disk');
        },
      },
      'payments: onFailure failed: Error: no disk, before the delivery was tried',
    ],
    [
      'asks in vain: rejects',
      { parkBehind: () => Promise.reject(new Error('no disk')) },
      'no disk, before the delivery was tried',
    ],
    [
      'answers nothing',
      { parkBehind: () => undefined },
      'parkBehind: expected a method that returns true or false, found undefined',
    ],
    [
      'answers a text later',
      { parkBehind: () => Promise.resolve('yes') },
      "parkBehind: expected a method that returns true or false, found 'yes'",
    ],
    [
      'is full',
      {
        park: () => {
          throw new ParkingFullError('payments', 'most', 3);
        },
      },
      'the parking is full: most is 3 events',
    ],
    [
      'is full later',
      { park: () => Promise.reject(new ParkingFullError('payments', 'most', 3)) },
      'the parking is full: most is 3 events',
    ],
    [
      'is full behind',
      { parkBehind: () => Promise.reject(new ParkingFullError('payments', 'most', 3)) },
      'the parking is full: most is 3 events',
    ],
  ])('B22e B22f it %s: the subscriber stops with both errors', async (_, methods, message) => {
    const { broker, send } = started(parkingThat(methods), {}, { by: account });
    const stopped = new Promise<unknown>(resolve => broker.stream({ required: false }).subscribe({ error: resolve }));
    send('a1');
    const { name, cause } = (await stopped) as Error;
    expect([name, (cause as Error).name]).toEqual(['BrokerStoppedError', 'OnFailureError']);
    expect((cause as Error).message).toContain(message);
  });

  test('B22f storing in a full parking is not retried', () => {
    let parks = 0;
    const full = () => {
      parks++;
      throw new ParkingFullError('payments', 'most', 3);
    };
    const { send } = started(parkingThat({ park: full }), { retry: 5 });
    expect(send('a1')).toBe('BrokerStoppedError: OnFailureError');
    expect(parks).toBe(1);
  });

  test('B6q B22f storing in a full parking is not retried, also if a teardown of its work throws', () => {
    let parks = 0;
    const storing$ = new Subject<never>();
    const full = () => {
      parks++;
      return new Observable(subscriber => {
        subscriber.add(storing$.subscribe({ error: error => subscriber.error(error) }));
        return () => {
          throw new Error('teardown');
        };
      });
    };
    const { send, log } = started(parkingThat({ park: full }), { retry: 5 });
    send('a1');
    storing$.error(new ParkingFullError('payments', 'most', 3));
    expect(parks).toBe(1);
    expect(log.slice(-3)).toEqual([
      expect.stringMatching(/^Failed {2}1 .*\n1\) Error: teardown/),
      expect.stringMatching(/^Failed a1 6 payments: .*/),
      'Closed ',
    ]);
  });

  test('B22f most: past it the subscriber stops, and its parked events stay', async () => {
    const parking = memoryParking<Pay>();
    const { send, log } = started(parking, {}, { most: 2 });
    expect(send('a1', 'a2', 'a3')).toBe('BrokerStoppedError: OnFailureError');
    expect(await names(parking)).toEqual(['a1', 'a2']);
    expect(log.at(-1)).toBe('Closed ');
  });

  test('B22d a parking that never answers is cut off by failAfter, and storing is retried', () => {
    runMarbles(({ hot, expectObservable }) => {
      let parks = 0;
      const parking = parkingThat({ park: () => (++parks === 1 ? NEVER : of('stored')) });
      const done$ = hot('a-|', values).pipe(
        backpressure({
          name: 'payments',
          required: true,
          retry: 1,
          failAfter: 5,
          onFailure: park(parking),
          notices: { next: () => undefined },
          project: () => throwError(() => new Error('no')),
        }),
      );
      expectObservable(done$).toBe('-----|');
    });
  });

  test('B22d a retry whose delay completes without a value does not count as stored', () => {
    const { send } = started(parkingThat({ park: () => throwError(() => new Error('no disk')) }), {
      retry: { count: 1, delay: (error: Error) => (error.message === 'no disk' ? [] : [0]) },
    });
    expect(send('a1')).toBe('BrokerStoppedError: OnFailureError');
  });

  test.each([
    ['in park', 'park'],
    ['in parkBehind', 'parkBehind'],
  ])('B22d closed from inside, %s: the delivery is cut off, and nothing is counted twice', (_, method) => {
    const { broker, log, send } = started(
      parkingThat({
        [method]: () => {
          broker.close();
          return method === 'park' ? of('stored') : Promise.resolve(true);
        },
      }),
      {},
      { by: account },
    );
    send('a1');
    expect(log.filter(line => line.startsWith('Closed'))).toEqual(['Closed a1']);
    expect(log.filter(line => line.startsWith('Parked') || line.startsWith('behind'))).toEqual([]);
  });

  test('B22d closed while it is stored: the delivery is unfinished, and a late rejection is ignored', async () => {
    let reject: (error: Error) => void = () => undefined;
    const parking = parkingThat({ park: () => new Promise((_, no) => (reject = no)) });
    const { broker, log, send, tally } = started(parking, {});
    send('a1', 'a2');
    expect(tally()).toEqual([2, 0, 0, 2]);
    broker.close();
    reject(new Error('late'));
    await new Promise(resolve => setImmediate(resolve));
    expect(log).toEqual(['a1', 'Failed a1 1 no a1', 'Closed a1']);
  });

  test('B10g closed while lanes store: each failure is announced', () => {
    const parking = parkingThat({ park: () => NEVER });
    const { broker, log, send } = started(parking, { lanes: lanes({ concurrency: 2, by: account }) });
    send('a1', 'b1', 'a2');
    broker.close();
    expect(log).toEqual(['a1', 'b1', 'Failed a1 1 no a1', 'Failed b1 1 no b1', 'Closed a1,b1']);
  });

  test('B22d a failed look-up does not use up a try of the delivery', () => {
    let questions = 0;
    const parking = parkingThat({
      parkBehind: () => {
        if (++questions === 1) throw new Error('no disk');
        return false;
      },
    });
    const { log, send, tally } = started(
      parking,
      {
        retry: 1,
        next: ({ name }: Pay) => {
          log.push(name);
          if (log.length === 1) throw new Error(`no ${name}`);
        },
      },
      { by: account },
    );
    send('a1');
    expect(log).toEqual(['a1', 'a1']);
    expect(tally()).toEqual([1, 1, 0, 0]);
  });

  test('B22n a risk is announced once, with lanes too', async () => {
    const { broker, log, send } = started(memoryParking<Pay>(), {
      lanes: lanes({ concurrency: 2, by: account }),
      next: ({ name }: Pay) => Promise.reject(new Error(`no ${name}`)),
    });
    send('a1', 'b1');
    await lastValueFrom(broker.drain());
    expect(log.filter(line => line.startsWith('Parked'))).toEqual(['Parked a1', 'Parked b1']);
    expect(log.filter(line => line.startsWith('memoryParking'))).toHaveLength(1);
  });
});

describe('only', () => {
  test('B22g an error that it rejects stops the subscriber with that error', () => {
    const only = (error: unknown): boolean => (error as Error).message !== 'no b1';
    const parking = memoryParking<Pay>();
    const { send, log } = started(parking, {}, { only });
    expect(send('a1', 'b1')).toBe('BrokerStoppedError: Error');
    expect(log.slice(-2)).toEqual(['Failed b1 1 no b1', 'Closed ']);
  });

  test.each([
    [
      () => {
        throw new Error('what?');
      },
    ],
    [() => Promise.reject(new Error('late'))],
    [() => 'yes'],
  ])('B22g one that throws, or gives no boolean, stops with both errors %#', only => {
    const { send } = started(memoryParking<Pay>(), {}, { only });
    expect(send('a1')).toBe('BrokerStoppedError: OnFailureError');
  });

  test('B22g an only that closes the broker: the delivery is cut off', () => {
    const parking = memoryParking<Pay>();
    const { broker, log, send } = started(
      parking,
      {},
      {
        only: () => {
          broker.close();
          return true;
        },
      },
    );
    send('a1');
    expect(log).toEqual(['a1', 'Failed a1 1 no a1', 'Closed a1']);
  });
});

describe('keys and options', () => {
  test.each([
    [
      () => {
        throw new Error('no key');
      },
    ],
    [() => ({})],
    [() => Symbol('x')],
  ])('B22o an event whose key is not known fails in its turn, and is parked on its own %#', async by => {
    const parking = memoryParking<Pay>();
    const next = jest.fn();
    for (const where of ['park', 'lanes'] as const) {
      const { log, send } = started(
        parking,
        { next, ...(where === 'lanes' && { lanes: lanes({ concurrency: 2, by: by }) }) } as never,
        where === 'park' ? { by } : {},
      );
      send('a1', 'a2');
      expect(log.filter(line => line.startsWith('Parked'))).toEqual(['Parked a1', 'Parked a2']);
    }
    expect((await parking.list()).map(({ key }) => key)).toEqual([undefined, undefined, undefined, undefined]);
    expect(next).not.toHaveBeenCalled();
  });

  test('B22o a Promise is not a key, and its rejection is ignored', async () => {
    const parking = memoryParking<Pay>();
    const { log, send } = started(parking, {}, { by: () => Promise.reject(new Error('late')) });
    send('a1');
    await new Promise(resolve => setImmediate(resolve));
    expect(log[0]).toContain('Failed a1 0 by: expected a function that returns a string');
  });

  test('B22o numbers and undefined are keys', async () => {
    const parking = memoryParking<Pay>();
    const by = ({ name }: Pay) => ({ a: 1, b: undefined, c: null, d: 7n })[name[0]!];
    started(parking, {}, { by }).send('a1', 'b1', 'c1', 'd1');
    expect((await parking.list()).map(({ key }) => key)).toEqual(['1', 'undefined', 'null', '7']);
  });

  const p = park(memoryParking<Pay>());
  const byKey = park(memoryParking<Pay>(), { by: account });
  const next = () => undefined;
  test.each<[object, string]>([
    [{ name: 'x', required: false, onFailure: p, next }, 'onFailure: expected a required subscriber'],
    [{ name: 'x', required: false, onFailure: () => undefined, next }, 'onFailure: expected a required subscriber'],
    [{ required: true, onFailure: p, next }, 'name: expected a name'],
    [{ name: 'x', required: true, onFailure: byKey, nextBatch: next }, 'by: expected a subscriber with next'],
    [
      { name: 'x', required: true, onFailure: byKey, lanes: lanes({ concurrency: 2 }), next },
      'by: expected the key in lanes',
    ],
    [
      { name: 'x', required: true, onFailure: 'park', next },
      "onFailure: expected 'stop' or 'continue' or park(parking)",
    ],
    [{ name: 'x', required: true, onFailure: {}, next }, "onFailure: expected 'stop' or 'continue' or park(parking)"],
  ])('B22o %# is an OptionError', (subscriber, message) => {
    expect(() => eventBroker<Pay>().subscribe(subscriber as never)).toThrow(message);
  });
  test.each([
    [() => park({} as never), 'parking: expected a parking'],
    [() => park(undefined as never), 'parking: expected a parking'],
    [() => park(memoryParking(), { most: 0 }), 'most: expected a whole number, 1 or more'],
    [() => park(memoryParking(), { only: 1 as never }), 'only: expected a function'],
  ])('B22o %# is an OptionError of park', (call, message) => {
    expect(call).toThrow(message);
  });
});

describe('a function', () => {
  const withFunction = (onFailure: (events: readonly Pay[], error: unknown) => Work, more = {}) =>
    started(memoryParking<Pay>(), { onFailure, ...more });

  test('B22h it gets the events and the error, and the broker waits for it', async () => {
    const letters: string[] = [];
    const { log, send, tally } = withFunction(async (events, error) => {
      await Promise.resolve();
      letters.push(`${events.map(({ name }) => name).join()} ${String(error)}`);
    });
    expect(send('a1', 'a2')).toBeUndefined();
    expect(log).toEqual(['a1']);
    await new Promise(resolve => setImmediate(resolve));
    expect(log).toEqual(['a1', 'Failed a1 1 no a1', 'a2', 'Failed a2 1 no a2']);
    expect(letters).toEqual(['a1 Error: no a1', 'a2 Error: no a2']);
    expect(tally()).toEqual([2, 0, 2, 0]);
  });

  test('B22h a function that returns nothing has finished immediately', () => {
    const { log, send } = withFunction(() => undefined);
    send('a1', 'a2');
    expect(log).toEqual(['a1', 'Failed a1 1 no a1', 'a2', 'Failed a2 1 no a2']);
  });

  test('B22h it is retried as retry says; then the subscriber stops with both errors', () => {
    let calls = 0;
    const { log, send } = withFunction(
      () => {
        calls++;
        throw new Error('no letter');
      },
      { retry: 2 },
    );
    expect(send('a1')).toBe('BrokerStoppedError: OnFailureError');
    expect(calls).toBe(3);
    expect(log[3]).toContain('Failed a1 3 payments: onFailure failed: Error: no letter');
  });

  test('B22h values that its work emits are ignored', () => {
    runMarbles(({ hot, cold, expectObservable }) => {
      const done$ = hot('a-|', values).pipe(
        backpressure({
          required: true,
          onFailure: () => cold('xy|'),
          notices: { next: () => undefined },
          project: () => throwError(() => new Error('no')),
        }),
      );
      expectObservable(done$).toBe('--|');
    });
  });

  test('B22h a handler that does not fail has no additional cost: it stays without a mailbox', () => {
    const { broker, send } = withFunction(() => undefined, { next: () => undefined });
    send('a1');
    expect(broker.snapshot().subscribers[0]?.delivered).toBe(1);
  });
});

describe('who leaves', () => {
  const leavesThenThrows = (broker: () => { close: () => void }, name: string): never => {
    broker().close();
    throw new Error(`no ${name}`);
  };
  const sent = (options: object, parkOptions: object = {}) => {
    const closed$ = new Subject<void>();
    const close = (): void => closed$.next();
    const next = ({ name }: Pay) => leavesThenThrows(() => ({ close }), name);
    const { broker, log, send } = started(memoryParking<Pay>(), { next, closed$, ...options }, parkOptions);
    return { answer: send('a1'), log, isStopped: broker.snapshot().sent !== 1 };
  };

  test.each([
    ['parks', {}, {}],
    ['parks by key', {}, { by: account }],
    ['parks in lanes', { lanes: lanes({ concurrency: 2, by: account }) }, {}],
    ['gives it to a function', { onFailure: () => undefined }, {}],
    ['gives it to a function, with a mailbox', { onFailure: () => undefined, hold$: NEVER }, {}],
  ])(
    'B22c who %s, leaves inside a delivery and then fails, stops nobody: it is unfinished',
    (_, options, parkOptions) => {
      expect(sent(options, parkOptions)).toEqual({
        answer: undefined,
        log: ['Failed a1 1 no a1', 'Closed a1'],
        isStopped: false,
      });
    },
  );

  test.each([
    ['parks', {}],
    ['parks in lanes', { lanes: lanes({ concurrency: 2, by: account }) }],
    ['gives it to a function', { onFailure: () => undefined }],
    ['has no try left', { retry: 0 }],
  ])(
    'B22c who %s, and is closed by the teardown of the work that failed: it is announced, and unfinished',
    (_, options) => {
      const closed$ = new Subject<void>();
      const work$ = new Subject<never>();
      const next = () => work$.pipe(finalize(() => closed$.next()));
      const { log, send } = started(memoryParking<Pay>(), { next, closed$, ...options });
      send('a1');
      work$.error(new Error('no a1'));
      expect(log).toEqual(['Failed a1 1 no a1', 'Closed a1']);
    },
  );

  test('B22c who would try again, and is closed by the teardown of the work that failed: it has not failed for good', () => {
    const closed$ = new Subject<void>();
    const work$ = new Subject<never>();
    const next = () => work$.pipe(finalize(() => closed$.next()));
    const { log, send } = started(memoryParking<Pay>(), { next, closed$, retry: 1 });
    send('a1');
    work$.error(new Error('no a1'));
    expect(log).toEqual(['Closed a1']);
  });

  test('B22b closed by the parking that is asked: nothing begins', () => {
    const closed$ = new Subject<void>();
    const parkBehind = () => {
      closed$.next();
      return false;
    };
    const { log, send } = started(parkingThat({ parkBehind }), { closed$ }, { by: account });
    send('a1');
    expect(log).toEqual(['Closed a1']);
  });

  test.each(['park', 'parkBehind'])(
    'B10m closed by %s, which then rejects: nobody is left with the rejection',
    async method => {
      const unhandled: unknown[] = [];
      const note = (error: unknown): void => void unhandled.push(error);
      process.on('unhandledRejection', note);
      const closed$ = new Subject<void>();
      const rejects = () => {
        closed$.next();
        return Promise.reject(new Error('late'));
      };
      const { log, send } = started(parkingThat({ [method]: rejects }), { closed$ }, { by: account });
      send('a1');
      await new Promise(resolve => setImmediate(resolve));
      process.off('unhandledRejection', note);
      expect([log.at(-1), unhandled]).toEqual(['Closed a1', []]);
    },
  );
});

test('B22i what another subscriber parks is stored for it, also while a replay has the same event in hand', async () => {
  const parking = memoryParking<Pay>();
  const broker = eventBroker<Pay>();
  broker.notices$.subscribe();
  const fail = new Subject<void>();
  const options = { required: true, onFailure: park(parking, { by: account }) } as const;
  broker.subscribe({ ...options, name: 'fast', next: () => Promise.reject(new Error('no')) });
  broker.subscribe({ ...options, name: 'slow', next: () => fail });
  broker.send(pay('a1'));
  const turn = () => new Promise(resolve => setImmediate(resolve));
  await turn();
  const done = new Subject<void>();
  backpressure(parking.replay(), { required: true, name: 'again', project: () => done }).subscribe();
  await turn();
  fail.error(new Error('no'));
  done.complete();
  await turn();
  expect((await parking.list()).map(({ subscriber }) => subscriber)).toEqual(['slow']);
});

test('B6d B10m synchronous work that takes a failure is cut off when its subscriber is closed', () => {
  const broker = eventBroker<{ readonly type: 'A' }>();
  const ran: number[] = [];
  const subscription = broker.subscribe({
    required: true,
    next: () => {
      throw new Error('no');
    },
    onFailure: () =>
      range(1, 5).pipe(
        tap(n => {
          ran.push(n);
          if (n === 2) subscription.unsubscribe();
        }),
      ),
  });
  broker.send({ type: 'A' });
  expect(ran).toEqual([1, 2]);
});

test('B22f a parking that rejects with an error which cannot be read has failed', async () => {
  const error = Object.defineProperty(new Error('lost'), 'name', {
    get: () => {
      throw new Error('no name');
    },
  });
  const broker = eventBroker<{ readonly type: 'A' }>();
  const parking = { ...memoryParking<{ readonly type: 'A' }>(), park: () => Promise.reject(error) };
  const failed: unknown[] = [];
  broker.notices$.subscribe(notice => {
    if (notice.type === 'Failed') failed.push(notice.attempts);
  });
  broker.subscribe({
    required: true,
    name: 'x',
    next: () => {
      throw new Error('no');
    },
    onFailure: park(parking),
  });
  broker.send({ type: 'A' });
  await new Promise(resolve => setImmediate(resolve));
  expect([failed, broker.snapshot().subscribers.map(({ pending }) => pending)]).toEqual([[1], [0]]);
});

test('B6d an error of work after its subscriber was closed is not announced', () => {
  const broker = eventBroker<{ readonly type: 'A' }>();
  const work = new Subject<void>();
  const seen: string[] = [];
  broker.notices$.subscribe(({ type }) => {
    seen.push(type);
    if (type === 'Clear') work.error(new Error('late'));
  });
  const subscription = broker.subscribe({
    required: true,
    highWaterMark: 1,
    onFailure: () => undefined,
    next: () => work,
  });
  broker.send({ type: 'A' });
  subscription.unsubscribe();
  expect(seen).toEqual(['Subscribed', 'Saturated', 'Clear', 'Closed']);
});
