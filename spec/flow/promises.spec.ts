// What every option means for a handler that returns Promises, from the second delivery on: it begins when the first is fulfilled.
import './invariants.js';
import { describe, expect, test } from '@jest/globals';
import { EMPTY, lastValueFrom, NEVER, of, Subject, VirtualTimeScheduler } from 'rxjs';
import { eventBroker, gather, lanes, type BrokerOptions, type Notice, type Signal } from 'rx-event-broker';
import { loggedMailbox } from './loggedMailbox.js';

interface Event {
  readonly type: 'A';
  readonly n: number;
}

const turn = () => new Promise(resolve => setImmediate(resolve));

/** A broker in virtual time, a log of its notices, and handlers whose Promises are settled by hand, the oldest first. */
const promised = (options: Partial<BrokerOptions<Event>> = {}) => {
  const scheduler = new VirtualTimeScheduler();
  const broker = eventBroker<Event>({ scheduler, ...options });
  const log: string[] = [];
  const pending: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = [];
  broker.notices$.subscribe((notice: Notice<Event>) => {
    if (notice.type === 'Failed') log.push(`failed ${notice.events.map(({ n }) => n).join()}: ${String(notice.error)}`);
    if (notice.type === 'Closed') {
      const { delivered, failed } = notice.tally;
      log.push(
        `closed: ${delivered} delivered, ${failed} failed, unfinished ${notice.unfinished.map(({ n }) => n).join()}`,
      );
    }
    if (notice.type === 'Stalled' || notice.type === 'Saturated' || notice.type === 'Clear')
      log.push(`${notice.type} at ${scheduler.frame}`);
  });
  const handle = (...events: readonly Event[]): Promise<void> => {
    log.push(`begins ${events.map(({ n }) => n).join()}`);
    return new Promise<void>((resolve, reject) => pending.push({ resolve, reject }));
  };
  const send = (...numbers: readonly number[]): void => {
    for (const n of numbers) broker.send({ type: 'A', n });
  };
  const done = async (): Promise<void> => {
    pending.shift()?.resolve();
    await turn();
  };
  const fail = async (): Promise<void> => {
    pending.shift()?.reject(new Error('broken'));
    await turn();
  };
  /** Virtual time goes on by this many ms. */
  const wait = (ms: number): void => {
    scheduler.maxFrames = scheduler.frame + ms;
    scheduler.schedule(() => undefined, ms);
    scheduler.flush();
  };
  return { broker, handle, send, done, fail, wait, log };
};

describe('B10 the Promise of a handler is fulfilled', () => {
  test('the next delivery begins, and everything is counted', async () => {
    const { broker, handle, send, done, log } = promised();
    broker.subscribe({ required: true, next: handle });
    send(1, 2, 3);
    expect(log).toEqual(['begins 1']);
    await done();
    expect(log).toEqual(['begins 1', 'begins 2']);
    await done();
    await done();
    expect(log).toEqual(['begins 1', 'begins 2', 'begins 3']);
    expect(broker.snapshot().subscribers).toMatchObject([{ offered: 3, delivered: 3, failed: 0, pending: 0 }]);
  });

  test('a handler that now and then returns nothing, or throws, goes on', async () => {
    const { broker, handle, send, done, log } = promised();
    const next = (event: Event): Promise<void> | undefined => {
      if (event.n === 2) log.push('returns');
      else if (event.n === 3) throw new Error('broken');
      else return handle(event);
      return undefined;
    };
    broker.subscribe({ required: true, onFailure: 'continue', next });
    send(1, 2, 3, 4);
    await done();
    expect(log).toEqual(['begins 1', 'returns', 'failed 3: Error: broken', 'begins 4']);
    await done();
    expect(broker.snapshot().subscribers).toMatchObject([{ delivered: 3, failed: 1, pending: 0 }]);
  });

  test('a handler that leaves, and returns a Promise: its delivery is cut off when it returns', async () => {
    const { broker, handle, send, done, log } = promised();
    const consumer = broker.subscribe({
      required: true,
      next: event => {
        if (event.n === 2) consumer.unsubscribe();
        return handle(event);
      },
    });
    send(1, 2, 3);
    await done();
    const all = ['begins 1', 'begins 2', 'closed: 1 delivered, 1 failed, unfinished 2'];
    expect(log).toEqual(all);
    await done();
    expect(log).toEqual(all);
  });

  test.each([
    ['is fulfilled', () => Promise.resolve()],
    ['is rejected', () => Promise.reject(new Error('broken'))],
    ['is never settled', () => new Promise(() => undefined)],
  ])('B6 one that leaves when the then of its Promise is read, which %s: its delivery is cut off', async (_, work) => {
    const { broker, send, done, log } = promised();
    const consumer = broker.subscribe({
      required: true,
      next: event => {
        if (event.n !== 2) return Promise.resolve();
        const then = (): unknown => {
          consumer.unsubscribe();
          return Promise.prototype.then;
        };
        return Object.defineProperty(work(), 'then', { get: then });
      },
    });
    send(1, 2, 3);
    await done();
    await lastValueFrom(broker.drain());
    expect(log).toEqual(['closed: 1 delivered, 1 failed, unfinished 2']);
  });

  test('B1 time that goes on inside Clear cuts off nothing that has ended', async () => {
    const { broker, handle, send, done, wait, log } = promised();
    broker.notices$.subscribe(({ type }) => {
      if (type === 'Clear') wait(10);
    });
    const retry = { count: 3, delay: 5 };
    broker.subscribe({ required: true, onFailure: 'continue', highWaterMark: 3, failAfter: 10, retry, next: handle });
    send(1, 2, 3);
    await done();
    await done();
    wait(9);
    expect(log).toEqual(['begins 1', 'Saturated at 0', 'begins 2', 'Clear at 0', 'begins 3']);
  });

  test('B15k a then that lets failAfter pass when it is read: its late result is not that of the next', async () => {
    const { broker, handle, send, done, wait, log } = promised();
    broker.subscribe({
      required: true,
      onFailure: 'continue',
      failAfter: 10,
      next: event => {
        const work = handle(event);
        if (event.n !== 2) return work;
        let reads = 0;
        const then = (): unknown => {
          if (++reads === 2) for (let times = 0; times < 2; times++) wait(10);
          return Promise.prototype.then;
        };
        return Object.defineProperty(Promise.resolve(), 'then', { get: then });
      },
    });
    send(1, 2, 3, 4);
    await done();
    expect(log).toEqual(['begins 1', 'begins 2', 'begins 3']);
  });

  test('a then that is another one when it is read again: that of the platform is called', async () => {
    const { broker, handle, send, done } = promised();
    broker.subscribe({
      required: true,
      next: event => {
        if (event.n === 1) return handle(event);
        let reads = 0;
        const own = (resolve: () => void): void => resolve();
        return Object.defineProperty(Promise.resolve(), 'then', {
          get: () => (reads++ === 0 ? Promise.prototype.then : own),
        });
      },
    });
    const many = 5000;
    send(...Array.from({ length: many }, (_, i) => i + 1));
    await done();
    expect(broker.snapshot().subscribers).toMatchObject([{ delivered: many, failed: 0, pending: 0 }]);
  });

  test('retry: what its delay throws is the error, even undefined', async () => {
    const { broker, handle, send, fail, log } = promised();
    const delay = (): never => {
      throw undefined;
    };
    broker.subscribe({ required: true, onFailure: 'continue', next: handle, retry: { count: 1, delay } });
    send(1);
    await fail();
    expect(log).toEqual(['begins 1', 'failed 1: undefined']);
  });

  test('hold$: nothing begins while it is held', async () => {
    const { broker, handle, send, done, log } = promised();
    const hold$ = new Subject<boolean>();
    broker.subscribe({ required: true, next: handle, hold$ });
    send(1, 2);
    hold$.next(true);
    await done();
    expect(log).toEqual(['begins 1']);
    hold$.next(false);
    expect(log).toEqual(['begins 1', 'begins 2']);
  });

  test('retry: every delivery has all its tries', async () => {
    const { broker, handle, send, done, fail, log } = promised();
    broker.subscribe({ required: true, onFailure: 'continue', next: handle, retry: 1 });
    send(1, 2);
    await fail();
    await done();
    await fail();
    await fail();
    expect(log).toEqual(['begins 1', 'begins 1', 'begins 2', 'begins 2', 'failed 2: Error: broken']);
  });

  test('stallAfter: the time begins anew with each delivery', async () => {
    const { broker, handle, send, done, wait, log } = promised();
    broker.subscribe({ required: true, next: handle, stallAfter: 10 });
    send(1, 2);
    wait(8);
    await done();
    wait(8);
    expect(log).toEqual(['begins 1', 'begins 2']);
    wait(8);
    expect(log).toEqual(['begins 1', 'begins 2', 'Stalled at 18']);
  });

  test('failAfter: the time begins anew with each delivery', async () => {
    const { broker, handle, send, done, wait, log } = promised();
    broker.subscribe({ required: true, onFailure: 'continue', next: handle, failAfter: 10 });
    send(1, 2);
    wait(8);
    await done();
    wait(8);
    expect(log).toEqual(['begins 1', 'begins 2']);
    wait(8);
    expect(log.slice(2)).toMatchObject([expect.stringMatching(/^failed 2: DeliveryTimeoutError/u)]);
  });

  test('highWaterMark: Clear at half of it', async () => {
    const { broker, handle, send, done, log } = promised();
    broker.subscribe({ required: true, highWaterMark: 4, next: handle });
    send(1, 2, 3, 4);
    await done();
    await done();
    expect(log).toEqual(['begins 1', 'Saturated at 0', 'begins 2', 'Clear at 0', 'begins 3']);
  });

  test('highWaterMarkBytes: what is in hand counts', async () => {
    const { broker, handle, send, done, log } = promised({ sizeOf: ({ n }) => n });
    broker.subscribe({ required: true, highWaterMarkBytes: 6, next: handle });
    send(1, 4);
    await done();
    send(2);
    await done();
    expect(log).toEqual(['begins 1', 'begins 4', 'Saturated at 0', 'Clear at 0', 'begins 2']);
  });

  test('onFailure, a function that returns a Promise: what it has taken has failed', async () => {
    const { broker, handle, send, fail, done, log } = promised();
    const onFailure = (events: readonly Event[]): Promise<void> => handle(...events);
    broker.subscribe({ required: true, onFailure, next: handle });
    send(1, 2);
    await done();
    await fail();
    await done();
    expect(log).toEqual(['begins 1', 'begins 2', 'begins 2', 'failed 2: Error: broken']);
    expect(broker.snapshot().subscribers).toMatchObject([{ delivered: 1, failed: 1, pending: 0 }]);
  });

  test('onFailure that fails, and whose retry completes without a value: its error is told', async () => {
    const { broker, handle, send, fail, log } = promised();
    const delays = [of(1), EMPTY];
    broker.subscribe({
      required: true,
      retry: { count: 1, delay: () => delays.shift() ?? NEVER },
      onFailure: () => Promise.reject(new Error('not taken')),
      next: handle,
    });
    send(1);
    await fail();
    await fail();
    expect(log).toMatchObject([
      'begins 1',
      'begins 1',
      expect.stringMatching(/^failed 1: .*not taken/u),
      expect.any(String),
    ]);
  });

  test('gather: what waits is gathered', async () => {
    const { broker, handle, send, done, wait, log } = promised();
    const nextBatch = (events: readonly Event[]): Promise<void> => handle(...events);
    broker.subscribe({ required: true, nextBatch, gather: gather({ maxSize: 2, maxWait: 5 }) });
    send(1, 2, 3, 4, 5);
    await done();
    await done();
    expect(log).toEqual(['begins 1,2', 'begins 3,4']);
    wait(5);
    expect(log).toEqual(['begins 1,2', 'begins 3,4', 'begins 5']);
  });

  test('lanes: as many as they are', async () => {
    const { broker, handle, send, done, log } = promised();
    broker.subscribe({ required: true, next: handle, lanes: lanes({ concurrency: 2 }) });
    send(1, 2, 3, 4);
    expect(log).toEqual(['begins 1', 'begins 2']);
    await done();
    expect(log).toEqual(['begins 1', 'begins 2', 'begins 3']);
  });

  test('capacity: missed is called before the next delivery', async () => {
    const { broker, handle, send, done, log } = promised();
    const missed = ({ count }: { readonly count: number }): void => void log.push(`missed ${count}`);
    broker.subscribe({ required: false, capacity: 1, overflow: 'dropOldest', next: handle, missed });
    send(1, 2, 3);
    await done();
    expect(log).toEqual(['begins 1', 'missed 1', 'begins 3']);
  });

  test('B15m abortable: the signal of a delivery that has ended is not aborted', async () => {
    const { broker, handle, send, done } = promised();
    const signals: Signal[] = [];
    const next = (event: Event, signal: Signal): Promise<void> => {
      signals.push(signal);
      return handle(event);
    };
    const consumer = broker.subscribe({ required: true, abortable: true, next });
    send(1, 2);
    await done();
    await done();
    consumer.unsubscribe();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
  });

  test('drain and close: it ends when the last is fulfilled, and a late one is not counted', async () => {
    const drained = promised();
    drained.broker.subscribe({ required: true, next: drained.handle });
    drained.send(1, 2);
    drained.broker.drain().subscribe({ complete: () => void drained.log.push('drained') });
    await drained.done();
    await drained.done();
    expect(drained.log).toEqual(['begins 1', 'begins 2', 'closed: 2 delivered, 0 failed, unfinished ', 'drained']);

    const closed = promised();
    closed.broker.subscribe({ required: true, next: closed.handle });
    closed.send(1, 2);
    await closed.done();
    closed.broker.close();
    await closed.done();
    expect(closed.log).toEqual(['begins 1', 'begins 2', 'closed: 1 delivered, 1 failed, unfinished 2']);
  });

  test('one that offers more when a delivery has ended: at most one is in hand, in order', async () => {
    const log: string[] = [];
    const { mailbox } = loggedMailbox(
      {},
      {
        start: n => {
          log.push(`starts ${n}`);
          return Promise.resolve();
        },
        progressed: () => {
          if (mailbox.offered < 6) mailbox.offer(mailbox.offered + 1);
        },
      },
    );
    mailbox.offer(1);
    mailbox.offer(2);
    await turn();
    expect(log).toEqual([1, 2, 3, 4, 5, 6].map(n => `starts ${n}`));
    expect(mailbox.tally()).toMatchObject({ offered: 6, delivered: 6, pending: 0 });
  });
});
