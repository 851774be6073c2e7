// What the options mean for a handler that returns Promises, from the second delivery on: it begins when the first is fulfilled.
import './invariants.js';
import { describe, expect, test } from '@jest/globals';
import { EMPTY, NEVER, of, Subject } from 'rxjs';
import { gather, lanes, type Signal } from 'rx-event-broker';
import { promised, type Event } from './promised.js';

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

  test.each([
    ['stallAfter', { stallAfter: 10 }, /^Stalled at 18$/u],
    ['failAfter', { failAfter: 10 }, /^failed 2: DeliveryTimeoutError/u],
  ])('%s: the time begins anew with each delivery', async (_, option, reached) => {
    const { broker, handle, send, done, wait, log } = promised();
    broker.subscribe({ required: true, onFailure: 'continue', next: handle, ...option });
    send(1, 2);
    wait(8);
    await done();
    wait(8);
    expect(log).toEqual(['begins 1', 'begins 2']);
    wait(8);
    expect(log.slice(2)).toMatchObject([expect.stringMatching(reached)]);
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
});
