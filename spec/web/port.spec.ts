import { once } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { describe, expect, test } from '@jest/globals';
import { EMPTY, filter, firstValueFrom, lastValueFrom, NEVER, Subject, toArray } from 'rxjs';
import { backpressure, eventBroker, fromPull, ofType } from 'rx-event-broker';
import { portSink, portSource, type PortMissed } from 'rx-event-broker/web';
import { workerOf } from './workerOf.js';
import { channel } from './channel.js';

type Tick = { readonly type: 'Tick'; readonly n: number; readonly run?: () => void };
const tick = (n: number): Tick => ({ type: 'Tick', n });
const numbers = (most: number): number[] => Array.from({ length: most }, (_, index) => index + 1);

/** Until the messages that were posted are received. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise(resolve => setImmediate(resolve));
};

/** What a port has posted, of this kind. */
const posted = (port: MessagePort, kind: string) => {
  const messages: { readonly kind: string; readonly number?: number; readonly settled?: number }[] = [];
  const post = port.postMessage.bind(port);
  port.postMessage = (message: never) => {
    post(message);
    const { message: inner } = message as { readonly message?: (typeof messages)[number] };
    if (inner?.kind === kind) messages.push(inner);
  };
  return messages;
};

describe('W6 a required sink', () => {
  test('W6a, W6b events on their way are bounded by the credit, and delivered when the other side has settled them', async () => {
    const [here, there] = channel();
    const values = posted(here, 'value');
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink(here, { required: true }));
    const go$ = new Subject<never>();
    const taken: number[] = [];
    const result = lastValueFrom(
      backpressure(portSource<Tick>(there, { credit: 4 }), {
        required: true,
        highWaterMark: 2,
        project: ({ n }) => {
          taken.push(n);
          return n > 3 ? EMPTY : go$;
        },
      }),
      { defaultValue: undefined },
    );
    for (const n of numbers(20)) broker.send(tick(n));
    await settle();
    // two with the consumer, four more on their way
    expect(values.length).toBe(6);
    expect(taken).toEqual([1]);
    expect(broker.snapshot().subscribers[0]).toMatchObject({ delivered: 0, pending: 20 });

    go$.complete();
    await lastValueFrom(broker.drain());
    await result;
    expect(taken).toEqual(numbers(20));
    expect(broker.snapshot().subscribers[0]).toMatchObject({ delivered: 20, pending: 0 });
  });

  test('W6b a source is settled across the port, and paused by the consumer on the other side', async () => {
    const [here, there] = channel();
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink(here, { required: true, highWaterMark: 8, window: 4 }));
    let pulled = 0;
    let settled = 0;
    const rows = function* (): Generator<Tick> {
      for (const n of numbers(1000)) {
        pulled = n;
        yield tick(n);
      }
    };
    const received = lastValueFrom(
      broker.receive((pause$, settlement) => {
        settlement.settled$.subscribe(now => (settled = now));
        return fromPull(rows, { pause$ });
      }),
    );
    const hold$ = new Subject<never>();
    const consumed = lastValueFrom(
      backpressure(portSource<Tick>(there), { required: true, project: ({ n }) => (n === 10 ? hold$ : EMPTY) }),
      { defaultValue: undefined },
    );
    await settle();
    expect(settled).toBe(9);
    expect(pulled).toBeLessThan(30);
    hold$.complete();
    await received;
    expect(settled).toBe(1000);
    broker.close();
    await consumed;
  });

  test('W6c unsettled events come again at the next subscription, and no others', async () => {
    const [here, there] = channel();
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink(here, { required: true }));
    for (const n of numbers(10)) broker.send(tick(n));
    const first: number[] = [];
    const consumer = backpressure(portSource<Tick>(there), {
      required: true,
      project: ({ n }) => {
        first.push(n);
        return n === 4 ? NEVER : EMPTY;
      },
    }).subscribe();
    await settle();
    consumer.unsubscribe();
    await settle();
    expect(broker.snapshot().subscribers[0]?.delivered).toBe(3);
    const second: number[] = [];
    const rest = backpressure(portSource<Tick>(there), {
      required: true,
      project: ({ n }) => {
        second.push(n);
        return EMPTY;
      },
    });
    const done = lastValueFrom(rest, { defaultValue: undefined });
    await lastValueFrom(broker.drain());
    await done;
    expect([first, second]).toEqual([numbers(4), numbers(10).slice(3)]);
  });

  test('W6e an event that cannot be cloned fails alone, and the other side is notified', async () => {
    const [here, there] = channel();
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink(here, { required: true, onFailure: 'continue' }));
    const failed = firstValueFrom(broker.notices$.pipe(ofType('Failed')));
    const missed: PortMissed<Tick>[] = [];
    const got = lastValueFrom(
      backpressure(portSource<Tick>(there, { missed: gap => missed.push(gap) }), {
        required: true,
        project: ({ n }) => [n],
      }).pipe(toArray()),
    );
    broker.send(tick(1));
    broker.send({ ...tick(2), run: () => undefined });
    broker.send(tick(3));
    await lastValueFrom(broker.drain());
    expect(await got).toEqual([1, 3]);
    expect(await failed).toMatchObject({ events: [{ n: 2 }], error: { name: 'DataCloneError' } });
    expect(missed).toEqual([{ count: 1, reason: 'failed' }]);
  });

  test('W6e by default that stops the broker', async () => {
    const [here, there] = channel();
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink(here, { required: true }));
    const error = firstValueFrom(portSource<Tick>(there, { settlement: 'none' })(NEVER)).catch((e: unknown) => e);
    await settle();
    expect(() => broker.send({ ...tick(2), run: () => undefined })).toThrow(
      expect.objectContaining({
        name: 'BrokerStoppedError',
        cause: expect.objectContaining({ name: 'DataCloneError' }),
      }),
    );
    await error;
  });
});

describe('W6 an optional sink', () => {
  test('W6d drops on its own side, and reports the count, the first and the last before the next event', async () => {
    const [here, there] = channel();
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink(here, { required: false, capacity: 3, overflow: 'dropOldest' }));
    const log: unknown[] = [];
    const hold$ = new Subject<never>();
    const done = lastValueFrom(
      backpressure(
        portSource<Tick>(there, {
          credit: 2,
          missed: ({ count, reason, first, last }) => log.push([count, reason, first?.n, last?.n]),
        }),
        {
          required: true,
          highWaterMark: 1,
          project: ({ n }) => {
            log.push(n);
            return n === 1 ? hold$ : EMPTY;
          },
        },
      ),
      { defaultValue: undefined },
    );
    for (const n of numbers(20)) {
      await settle();
      broker.send(tick(n));
    }
    const { delivered, dropped, pending } = broker.snapshot().subscribers[0]!;
    // 1 is with the consumer, two wait at the source, one is in hand here
    expect({ delivered, dropped, pending }).toEqual({ delivered: 3, dropped: 13, pending: 4 });
    hold$.complete();
    await lastValueFrom(broker.drain());
    await done;
    expect(log).toEqual([1, 2, 3, 4, [13, 'overflow', 5, 17], 18, 19, 20]);
  });

  test('W3f, W6d a gap at the end is reported with the end', async () => {
    const [here, there] = channel();
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink(here, { required: false, capacity: 1 }));
    for (const n of numbers(5)) broker.send(tick(n));
    const missed: unknown[] = [];
    const got = lastValueFrom(
      portSource<Tick>(there, { settlement: 'none', missed: gap => missed.push(gap) })(NEVER).pipe(toArray()),
    );
    await lastValueFrom(broker.drain());
    expect(await got).toEqual([tick(1), tick(2)]);
    expect(missed).toEqual([{ count: 3, reason: 'overflow', first: tick(3), last: tick(5) }]);
  });

  test('W3f, W6d events that wait for credit at a close are reported with the end, too', async () => {
    const [here, there] = channel();
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink(here, { required: false, capacity: 2 }));
    const missed: unknown[] = [];
    const got = lastValueFrom(
      portSource<Tick>(there, { credit: 1, settlement: 'none', missed: gap => missed.push(gap) })(NEVER).pipe(
        toArray(),
      ),
    );
    for (const n of numbers(5)) broker.send(tick(n));
    broker.close();
    expect(await got).toEqual([]);
    expect(missed).toEqual([
      { count: 1, reason: 'closed', first: tick(1), last: tick(1) },
      { count: 2, reason: 'overflow', first: tick(4), last: tick(5) },
      { count: 2, reason: 'closed', first: tick(2), last: tick(3) },
    ]);
  });

  test('W6d drain waits for an optional sink without credit, until it is closed', async () => {
    const [here] = channel();
    const broker = eventBroker<Tick>();
    const closed$ = new Subject<void>();
    broker.subscribe(portSink(here, { required: false, closed$ }));
    broker.send(tick(1));
    let isDrained = false;
    const drained = lastValueFrom(broker.drain()).then(() => (isDrained = true));
    await new Promise(resolve => setImmediate(resolve));
    expect(isDrained).toBe(false);
    closed$.next();
    expect(await drained).toBe(true);
  });

  test('W6d a gap that cannot be cloned is sent without its events', async () => {
    const [here, there] = channel();
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink(here, { required: false, capacity: 1, overflow: 'dropOldest' }));
    for (const n of numbers(4)) broker.send(n === 2 ? { ...tick(n), run: () => undefined } : tick(n));
    const missed: PortMissed<Tick>[] = [];
    const got = lastValueFrom(
      backpressure(portSource<Tick>(there, { missed: gap => missed.push(gap) }), {
        required: true,
        project: ({ n }) => [n],
      }).pipe(toArray()),
    );
    await lastValueFrom(broker.drain());
    expect(await got).toEqual([1, 4]);
    expect(missed).toEqual([{ count: 2, reason: 'overflow' }]);
  });
});

describe('W7 the end', () => {
  test('W7a the source completes after what was sent when its sink is closed', async () => {
    const [here, there] = channel();
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink(here, { required: false }));
    const got = lastValueFrom(portSource<Tick>(there, { settlement: 'none' })(NEVER).pipe(toArray()));
    await settle();
    broker.send(tick(1));
    broker.close();
    expect(await got).toEqual([tick(1)]);
  });

  test('W7b a required sink that is closed with unsettled events is an error of the source', async () => {
    const [here, there] = channel();
    const broker = eventBroker<Tick>();
    const subscription = broker.subscribe(portSink(here, { required: true }));
    broker.send(tick(1));
    const result = lastValueFrom(backpressure(portSource<Tick>(there), { required: true, project: () => NEVER }));
    await settle();
    subscription.unsubscribe();
    await expect(result).rejects.toMatchObject({
      name: 'PortClosedError',
      what: expect.stringContaining('1 unsettled values'),
    });
  });

  test('W7b the port is closed: both sides have an error', async () => {
    const [here, there] = channel();
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink(here, { required: false, name: 'optional' }));
    const result = lastValueFrom(portSource<Tick>(there, { settlement: 'none' })(NEVER));
    const failed = firstValueFrom(broker.notices$.pipe(ofType('Failed')));
    await settle();
    here.close();
    await expect(result).rejects.toMatchObject({ name: 'PortClosedError' });
    expect(await failed).toMatchObject({ subscriber: { name: 'optional' }, error: { name: 'PortClosedError' } });
    expect(broker.snapshot().subscribers).toEqual([]);
  });

  test('W7c messages of others and of another channel are ignored', async () => {
    const [here, there] = channel();
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink(here, { required: false, channel: 'a' }));
    broker.subscribe(portSink(here, { required: false, channel: 'b' }));
    const a = lastValueFrom(portSource<Tick>(there, { channel: 'a', settlement: 'none' })(NEVER).pipe(toArray()));
    const b = lastValueFrom(portSource<Tick>(there, { channel: 'b', settlement: 'none' })(NEVER).pipe(toArray()));
    for (const strange of [undefined, null, 7, 'text', {}, { rxEventBroker: 'x' }, [1]]) {
      here.postMessage(strange);
      there.postMessage(strange);
    }
    await settle();
    broker.send(tick(1));
    await lastValueFrom(broker.drain());
    expect(await a).toEqual([tick(1)]);
    expect(await b).toEqual([tick(1)]);
  });

  test.each([
    ['another version', { rxEventBroker: 2, channel: 'events', from: 'sink' }],
    ['a kind that there is not', { rxEventBroker: 1, channel: 'events', from: 'sink', message: { kind: 'jump' } }],
  ])('W7c %s is refused', async (_, message) => {
    const [here, there] = channel();
    const result = lastValueFrom(portSource<Tick>(there, { settlement: 'none' })(NEVER));
    here.postMessage(message);
    await expect(result).rejects.toMatchObject({ name: 'PortProtocolError' });
  });

  test('W7c a sink that exceeds the credit is rejected: waiting events are bounded', async () => {
    const [here, there] = channel();
    here.on('message', ({ message: { session } }: { message: { session: string } }) => {
      for (const number of numbers(4))
        here.postMessage({
          rxEventBroker: 1,
          channel: 'events',
          from: 'sink',
          message: { kind: 'value', session, number, value: 0, gaps: [] },
        });
    });
    const paused$ = new Subject<boolean>();
    const result = lastValueFrom(portSource<number>(there, { credit: 3, settlement: 'none' })(paused$));
    paused$.next(true);
    await expect(result).rejects.toMatchObject({ name: 'PortProtocolError', found: 4 });
  });

  test('K2 a source without a settlement is an error', async () => {
    const [, there] = channel();
    await expect(lastValueFrom(portSource(there)(NEVER))).rejects.toMatchObject({ name: 'NotSettledError' });
  });

  test.each([
    [() => portSink({} as never, { required: true }), 'port'],
    [() => portSource(undefined as never), 'port'],
    [() => portSink(channel()[0], {} as never), 'required'],
    [() => portSink(channel()[0], { required: true, window: 0 }), 'window'],
    [() => portSource(channel()[0], { credit: 0 }), 'credit'],
  ])('W7 %p is an OptionError', (call, option) => {
    expect(call).toThrow(expect.objectContaining({ name: 'OptionError', option }));
  });
});

describe('a worker', () => {
  test('W6b, W7a a required sink delivers all, in order, and drain waits for the worker', async () => {
    const worker = workerOf('collect', 500);
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink(worker, { required: true }));
    const answers: unknown[] = [];
    worker.on('message', answer => answers.push(answer));
    for (const n of numbers(500)) broker.send(tick(n));
    await lastValueFrom(broker.drain());
    await once(worker, 'exit');
    expect(answers.filter(answer => !('rxEventBroker' in (answer as object)))).toEqual([
      { got: numbers(500), missed: [] },
    ]);
  });

  test('W7a from a worker', async () => {
    const worker = workerOf('send', 300);
    const got = backpressure(portSource<Tick>(worker), { required: true, project: ({ n }) => [n] }).pipe(toArray());
    expect(await lastValueFrom(got)).toEqual(numbers(300));
    await once(worker, 'exit');
  });

  test.each([
    ['crash', 'the worker has failed'],
    ['exit', 'the worker has ended with the code 3'],
  ] as const)('W7b one that ends by a %s fails what it had not settled, and the broker stops', async (task, what) => {
    const worker = workerOf(task, 20);
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink(worker, { required: true, name: 'worker' }));
    const received = lastValueFrom(broker.receive(pause$ => fromPull(() => numbers(100).map(tick), { pause$ }))).catch(
      (error: unknown) => error,
    );
    const failed = firstValueFrom(
      broker.notices$.pipe(
        ofType('Failed'),
        filter(({ events }) => events.length > 0),
      ),
    );
    expect(await received).toMatchObject({ name: 'BrokerStoppedError', cause: { name: 'PortClosedError', what } });
    expect((await failed).events[0]!.n).toBeLessThanOrEqual(20);
    await worker.terminate();
  });

  test('W7b a worker that crashes is an error of a source that reads from it', async () => {
    const worker = workerOf('crash', 1);
    const result = lastValueFrom(portSource<Tick>(worker, { channel: 'other', settlement: 'none' })(NEVER));
    result.catch(() => undefined);
    const broker = eventBroker<Tick>();
    const failed = firstValueFrom(broker.notices$.pipe(ofType('Failed')));
    broker.subscribe(portSink(worker, { required: false }));
    broker.send(tick(1));
    expect(await failed).toMatchObject({ error: { name: 'PortClosedError' } });
    await expect(result).rejects.toMatchObject({ name: 'PortClosedError' });
    await worker.terminate();
  });
});
