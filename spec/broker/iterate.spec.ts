import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lastValueFrom, Observable, of, Subject } from 'rxjs';
import { eventBroker, fromPull, lanes, memoryParking, settledBy, type Pausable } from 'rx-event-broker';
import { a, b, type Tick } from './ticks.js';

const loopOf = <T>(loop: AsyncIterable<T>) => loop[Symbol.asyncIterator]() as Required<AsyncIterator<T>>;
const turns = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

/** What a Promise has come to. */
const outcome = (promise: Promise<unknown>) => {
  const found: unknown[] = [];
  promise.then(
    value => found.push(value),
    (error: unknown) => found.push((error as Error).name),
  );
  return found;
};

describe('a required loop', () => {
  test('I2a gets the events that are sent after it began, in order, and ends with a drained broker', async () => {
    const broker = eventBroker<Tick>();
    const loop = broker.iterate({ required: true, types: ['A'] });
    broker.send(a(0));
    const seen: number[] = [];
    const over = (async () => {
      for await (const { n } of loop) seen.push(n);
    })();
    for (const event of [a(1), b(2), a(3)]) broker.send(event);
    const { sent, subscribers } = await lastValueFrom(broker.drain());
    await over;
    expect([seen, sent, subscribers]).toMatchObject([[1, 3], 4, [{ delivered: 2, failed: 0, pending: 0 }]]);
  });

  test('I2b asking for the next event finishes the last one', async () => {
    const broker = eventBroker<Tick>();
    const loop = loopOf(broker.iterate({ required: true }));
    const tally = () => {
      const { delivered, pending } = broker.snapshot().subscribers[0]!;
      return { delivered, pending };
    };
    broker.send(a(1));
    broker.send(a(2));
    expect(tally()).toEqual({ delivered: 0, pending: 2 });
    expect(await loop.next()).toEqual({ done: false, value: a(1) });
    expect(tally()).toEqual({ delivered: 0, pending: 2 });
    expect(await loop.next()).toEqual({ done: false, value: a(2) });
    expect(tally()).toEqual({ delivered: 1, pending: 1 });
    const next = outcome(loop.next());
    expect(tally()).toEqual({ delivered: 2, pending: 0 });
    await turns();
    expect(next).toEqual([]);
    broker.send(a(3));
    await turns();
    expect(next).toEqual([{ done: false, value: a(3) }]);
  });

  test('I2c it pauses its source', async () => {
    const broker = eventBroker<Tick>();
    let pulled = 0;
    const ticks = function* () {
      while (pulled < 50) yield a(++pulled);
    };
    const most: number[] = [];
    const loop = broker.iterate({ required: true, highWaterMark: 3 });
    const over = (async () => {
      for await (const { n } of loop) {
        most.push(pulled - n);
        await Promise.resolve();
      }
    })();
    await lastValueFrom(broker.receive(pause$ => fromPull(ticks, { pause$ })));
    await lastValueFrom(broker.drain());
    await over;
    expect([most.length, Math.max(...most)]).toEqual([50, 2]);
  });

  test.each(['break', 'throw'] as const)(
    'I2d leaving it (%s) fails the event in hand, and settles nothing',
    async how => {
      const broker = eventBroker<Tick>();
      const notices: unknown[] = [];
      broker.notices$.subscribe(notice => notices.push(notice));
      const settled: unknown[] = [];
      const input$ = new Subject<Tick>();
      const source: Pausable<Tick> = (_, settlement) => {
        settlement.settled$.subscribe({ next: n => settled.push(n), complete: () => settled.push('end') });
        return input$;
      };
      const loop = broker.iterate({ required: true });
      const over = (async () => {
        for await (const { n } of loop) {
          if (n < 2) continue;
          if (how === 'break') break;
          throw new Error('of the body');
        }
      })();
      const ended = outcome(over);
      broker.receive(source).subscribe({ error: () => undefined });
      for (const event of [a(1), a(2), a(3)]) input$.next(event);
      await turns();
      expect(ended).toEqual([how === 'break' ? undefined : 'Error']);
      expect(settled).toEqual([0, 1, 'end']);
      expect(notices.slice(1)).toMatchObject([
        { type: 'Dropped', reason: 'closed', count: 1, first: a(3) },
        { type: 'Closed', tally: { delivered: 1, failed: 1, dropped: 1 }, unfinished: [a(2)] },
      ]);
      expect(broker.send(a(4))).toBe(true);
    },
  );

  test('I2d K3b when it is left, a source that has ended does not wait for its last values', async () => {
    const broker = eventBroker<Tick>();
    const source: Pausable<Tick> = (_, settlement) =>
      new Observable(subscriber => {
        const given = settledBy<number>(subscriber, settlement, () => undefined);
        for (const event of [a(1), a(2)]) given(event.n, () => subscriber.next(event));
        given.complete();
      });
    const loop = broker.iterate({ required: true });
    const over = (async () => {
      for await (const { n } of loop) if (n === 1) break;
    })();
    const received = lastValueFrom(broker.receive(source));
    await over;
    expect(await received).toMatchObject({ sent: 2 });
  });

  test('I2d B22i when it is left, a replay of parked events ends, and they stay parked', async () => {
    const parking = memoryParking<Tick>();
    await parking.park([a(1), a(2)], new Error('no'), { subscriber: 'x', key: undefined, most: 10 });
    const broker = eventBroker<Tick>();
    const loop = broker.iterate({ required: true });
    const over = (async () => {
      for await (const { n } of loop) if (n === 1) break;
    })();
    const received = lastValueFrom(broker.receive(parking.replay()));
    await over;
    expect(await received).toMatchObject({ sent: 2 });
    expect(await parking.list()).toMatchObject([{ event: a(1) }, { event: a(2) }]);
  });

  test('I2d so does return() while next() is pending; that ends', async () => {
    const broker = eventBroker<Tick>();
    const loop = loopOf(broker.iterate({ required: true }));
    const next = outcome(loop.next());
    expect(await loop.return()).toEqual({ done: true, value: undefined });
    expect(next).toEqual([{ done: true, value: undefined }]);
    expect(broker.snapshot().subscribers).toEqual([]);
    expect(await loop.next()).toEqual({ done: true, value: undefined });
  });

  test('I2d a drain after a signal is cut off if the loop is left', async () => {
    const broker = eventBroker<Tick>();
    const controller = new AbortController();
    const loop = loopOf(broker.iterate({ required: true, signal: controller.signal, drainOnClose: true }));
    broker.send(a(1));
    broker.send(a(2));
    await loop.next();
    controller.abort();
    await loop.return();
    expect(await lastValueFrom(broker.drain())).toMatchObject({ subscribers: [] });
  });

  test('I2e a second next() while one is pending rejects, and changes nothing', async () => {
    const broker = eventBroker<Tick>();
    const loop = loopOf(broker.iterate({ required: true }));
    const first = loop.next();
    await expect(loop.next()).rejects.toMatchObject({ name: 'NextPendingError' });
    broker.send(a(1));
    expect(await first).toEqual({ done: false, value: a(1) });
  });

  test('I2f it throws the error that stopped the broker, once, and has ended after that', async () => {
    for (const isPending of [true, false]) {
      const broker = eventBroker<Tick>();
      const loop = loopOf(broker.iterate({ required: true, types: ['A'] }));
      broker.subscribe({
        required: true,
        types: ['B'],
        next: () => {
          throw new Error('no');
        },
      });
      const pending = isPending ? outcome(loop.next()) : undefined;
      expect(() => broker.send(b(1))).toThrow('stopped');
      await turns();
      const found = pending ?? outcome(loop.next());
      await turns();
      expect(found).toEqual(['BrokerStoppedError']);
      expect(await loop.next()).toEqual({ done: true, value: undefined });
    }
  });

  test('I2g it ends when its signal is aborted or the broker closes, and waiting events are dropped', async () => {
    const controller = new AbortController();
    for (const close of [() => controller.abort(), 'broker'] as const) {
      const broker = eventBroker<Tick>();
      const loop = loopOf(broker.iterate({ required: true, signal: controller.signal }));
      broker.send(a(1));
      broker.send(a(2));
      await loop.next();
      if (close === 'broker') broker.close();
      else close();
      expect(await loop.next()).toEqual({ done: true, value: undefined });
    }
  });

  test('I2g with drainOnClose it first gets the accepted events', async () => {
    const broker = eventBroker<Tick>();
    const controller = new AbortController();
    const loop = broker.iterate({ required: true, signal: controller.signal, drainOnClose: true });
    const iterator = loopOf(loop);
    broker.send(a(1));
    broker.send(a(2));
    controller.abort();
    broker.send(a(3));
    const seen: number[] = [];
    for (let step = await iterator.next(); step.done !== true; step = await iterator.next()) seen.push(step.value.n);
    expect(seen).toEqual([1, 2]);
  });

  test('I2a options are checked at the call, and a closed broker throws when the loop begins', () => {
    const broker = eventBroker<Tick>();
    expect(() => broker.iterate({ required: 1 as unknown as true })).toThrow('required: expected true or false');
    const loop = broker.iterate({ required: true });
    expect(broker.snapshot().subscribers).toEqual([]);
    broker.close();
    expect(() => loopOf(loop)).toThrow('closed');
  });

  test('I2k lanes are an OptionError', () => {
    const broker = eventBroker<Tick>();
    const options = { required: true, lanes: lanes({ concurrency: 2 }) } as unknown as { required: true };
    expect(() => broker.iterate(options)).toThrow(
      'lanes: expected no lanes, because a loop works on one event at a time',
    );
  });

  test('I2d return() after its owner has closed it does not stop settling', async () => {
    const broker = eventBroker<Tick>();
    const closed$ = new Subject<void>();
    broker.subscribe({ required: true, next: () => undefined });
    const loop = loopOf(broker.iterate({ required: true, closed$ }));
    const input$ = new Subject<Tick>();
    const settled: unknown[] = [];
    broker
      .receive((_, settlement) => {
        settlement.settled$.subscribe(n => settled.push(n));
        return input$;
      })
      .subscribe();
    input$.next(a(1));
    closed$.next();
    await loop.return();
    input$.next(a(2));
    expect(settled).toEqual([0, 1, 2]);
  });

  test('I2h with failAfter an event whose body takes too long fails, and the loop continues', async () => {
    const broker = eventBroker<Tick>();
    const failures: unknown[] = [];
    const failed = new Promise<void>(resolve => {
      broker.notices$.subscribe(notice => {
        if (notice.type !== 'Failed') return;
        failures.push(notice.error);
        resolve();
      });
    });
    const loop = loopOf(broker.iterate({ required: true, failAfter: 1, onFailure: 'continue' }));
    broker.send(a(1));
    broker.send(a(2));
    await loop.next();
    await failed;
    expect(failures).toMatchObject([{ name: 'DeliveryTimeoutError' }]);
    expect(await loop.next()).toEqual({ done: false, value: a(2) });
    broker.close();
  });

  test('I2a I2b every loop gets every event in order, however sender and loop alternate', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('send', 'ask', 'turn'), { maxLength: 40 }), async steps => {
        const broker = eventBroker<Tick>();
        const loop = loopOf(broker.iterate({ required: true, highWaterMark: 2 }));
        const got: unknown[] = [];
        let sent = 0;
        let asked = 0;
        let pending = false;
        for (const step of steps) {
          if (step === 'send') broker.send(a(++sent));
          if (step === 'turn') await turns();
          if (step === 'ask' && !pending) {
            asked++;
            pending = true;
            void loop.next().then(({ done, value }) => {
              pending = false;
              if (done !== true) got.push(value.n);
            });
          }
          const { delivered, pending: left } = broker.snapshot().subscribers[0]!;
          // each call but the first finishes the event before it
          expect(delivered).toBe(Math.min(sent, Math.max(0, asked - 1)));
          expect(left).toBe(sent - delivered);
        }
        await turns();
        expect(got).toEqual(Array.from({ length: Math.min(sent, asked) }, (_, n) => n + 1));
        broker.close();
      }),
    );
  });
});

describe('an optional loop', () => {
  test('I2i drops events that do not fit, and reports them before the next event', async () => {
    const broker = eventBroker<Tick>();
    const told: unknown[] = [];
    const loop = loopOf(
      broker.iterate({
        required: false,
        capacity: 1,
        overflow: 'dropOldest',
        missed: ({ count, first }) => told.push(count, first.n),
      }),
    );
    for (let n = 1; n <= 5; n++) expect(broker.send(a(n))).toBe(true);
    expect(await loop.next()).toMatchObject({ value: a(1) });
    expect(told).toEqual([]);
    expect(await loop.next()).toMatchObject({ value: a(5) });
    expect(told).toEqual([3, 2]);
  });

  test('I2d leaving it settles events that others have finished: an optional loop never counts', () => {
    const broker = eventBroker<Tick>();
    const settled: unknown[] = [];
    const input$ = new Subject<Tick>();
    broker.subscribe({ required: true, next: () => of(1) });
    const loop = loopOf(broker.iterate({ required: false }));
    broker
      .receive((_, settlement) => {
        settlement.settled$.subscribe({ next: n => settled.push(n), complete: () => settled.push('end') });
        return input$;
      })
      .subscribe();
    input$.next(a(1));
    void loop.return();
    input$.next(a(2));
    expect(settled).toEqual([0, 1, 2]);
  });
});

test('I2c a loop that is not asked for more holds its first event', () => {
  const broker = eventBroker<Tick>();
  loopOf(broker.iterate({ required: true, highWaterMark: 1 }));
  expect(broker.send(a(1))).toBe(false);
  expect(broker.snapshot()).toMatchObject({ saturated: true });
});
