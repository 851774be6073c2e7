// Handlers that return Promises, and what user code does in between: it leaves, ends, offers more, or lets time pass.
import './invariants.js';
import { describe, expect, test } from '@jest/globals';
import { lastValueFrom } from 'rxjs';
import { loggedMailbox } from './loggedMailbox.js';
import { promised, turn } from './promised.js';

describe('B10 user code inside a delivery by Promises', () => {
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
