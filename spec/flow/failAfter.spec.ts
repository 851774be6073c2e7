import './invariants.js';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { asyncScheduler, catchError, map, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { eventBroker, backpressure, ofType } from 'rx-event-broker';
import type { DeliveryTimeoutError } from '../../lib/flow/contract/DeliveryTimeoutError.js';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';
import { loggedMailbox as logged } from './loggedMailbox.js';

const tick = () => new Promise(resolve => setImmediate(resolve));

afterEach(() => {
  // in this order: a spy on a fake timer puts the fake one back
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('B15i failAfter', () => {
  test('B15i work that takes longer is unsubscribed, and the next delivery begins; work that takes exactly as long is delivered', () => {
    runMarbles(({ pausableCold, cold, expectObservable, expectSubscriptions, expectPauses }) => {
      const long = cold('----------|');
      const source = pausableCold('ab|');
      const result$ = backpressure(source, {
        required: true,
        highWaterMark: 2,
        onFailure: 'continue',
        failAfter: 4,
        project: value => (value === 'a' ? long : cold('----(b|)')),
        notices: { next: () => undefined },
      });
      expectObservable(result$).toBe('--------(b|)');
      expectSubscriptions(long.subscriptions).toBe('^---!');
      expectPauses(source).toBe('-t--f');
    });
  });

  test('B15i the failure is a typed error with the subscriber and the time: stop ends the stream with it', () => {
    runMarbles(({ hot, expectObservable }) => {
      const result$ = hot('a-|').pipe(
        backpressure({ name: 'bank', required: true, failAfter: 3, project: () => NEVER }),
        catchError((error: DeliveryTimeoutError) => throwError(() => [error.name, error.who, error.failAfter])),
      );
      expectObservable(result$).toBe('---#', undefined, ['DeliveryTimeoutError', 'bank', 3]);
    });
  });

  test('B15j retry tries again; the limit is that of a try, and the delay between two does not count', () => {
    runMarbles(({ hot, requiredProbe, expectObservable }) => {
      const broker = eventBroker<{ readonly type: 'A' }>();
      const probe = requiredProbe(['-', '-', '--|'], { retry: { count: 2, delay: 6 }, onFailure: 'continue' });
      broker.subscribe({ ...probe, next: probe.next, failAfter: 3 });
      const attempts$ = broker.notices$.pipe(
        ofType('Failed'),
        map(({ attempts }) => attempts),
      );
      expectObservable(attempts$).toBe('');
      expectObservable(broker.receive(hot('a|', { a: { type: 'A' as const } })).pipe(map(({ sent }) => sent))).toBe(
        '--------------------(s|)',
        { s: 1 },
      );
    });
  });

  test('B15j each try that takes too long is counted, and Failed comes once, after the last', () => {
    const { mailbox, log, works, scheduler } = logged({ failAfter: 5, retry: { count: 1 } });
    mailbox.offer(1);
    mailbox.offer(2);
    const begun = [...works];
    scheduler.schedule(() => begun.push(...works.slice(1)), 6);
    scheduler.maxFrames = 12;
    scheduler.flush();
    expect(log).toEqual([
      'start 1',
      'start 1',
      expect.stringMatching(
        /^failed 1 DeliveryTimeoutError: mailbox: the work took longer than failAfter, 5 ms .* after 2$/,
      ),
      'start 2',
    ]);
    expect(begun.map(({ observed }) => observed)).toEqual([false, false]);
    expect(mailbox.tally()).toEqual({ offered: 2, delivered: 0, failed: 1, dropped: 0, skipped: 0, pending: 1 });
  });

  test('B14c nothing is scheduled while nothing runs', () => {
    const { mailbox, works, scheduler } = logged({ failAfter: 1000 });
    mailbox.offer(1);
    scheduler.schedule(() => works[0]?.complete(), 5);
    scheduler.flush();
    expect([scheduler.now(), mailbox.tally().delivered]).toEqual([5, 1]);
  });

  test('B15i work that finishes in time, one after the other, is not affected', () => {
    const box = logged({ failAfter: 5 });
    for (let n = 0; n < 4; n++) box.mailbox.offer(n);
    for (let at = 4; at <= 16; at += 4) box.scheduler.schedule(() => box.done(), at);
    box.scheduler.flush();
    expect(box.mailbox.tally()).toMatchObject({ delivered: 4, failed: 0 });
  });

  test('B15k the late result of a Promise is not taken for that of the next; its rejection does not end the process', async () => {
    const settle: ((how: 'resolve' | 'reject') => void)[] = [];
    const values: unknown[] = [];
    const { mailbox, log, scheduler } = logged(
      { failAfter: 5 },
      {
        start: n =>
          new Promise((resolve, reject) => {
            settle.push(how => (how === 'resolve' ? resolve(n) : reject(new Error(`late ${n}`))));
          }),
        emitted: value => void values.push(value),
      },
    );
    for (const n of [1, 2, 3]) mailbox.offer(n);
    scheduler.maxFrames = 11;
    scheduler.flush();
    settle[0]?.('resolve');
    settle[1]?.('reject');
    await tick();
    expect([log.length, values, mailbox.tally()]).toMatchObject([2, [], { failed: 2, delivered: 0, pending: 1 }]);
    settle[2]?.('resolve');
    await tick();
    expect([values, mailbox.tally()]).toMatchObject([[3], { failed: 2, delivered: 1, pending: 0 }]);
  });

  test('B15i a teardown that closes the mailbox ends it: nothing is tried again, and it is counted once', () => {
    let tries = 0;
    const start = () => {
      tries++;
      return new Observable<never>(() => () => box.mailbox.close());
    };
    const box = logged({ failAfter: 5, retry: { count: 3 } }, { start });
    box.mailbox.offer(1);
    box.scheduler.flush();
    expect([tries, box.log, box.mailbox.tally()]).toMatchObject([1, ['closed [1]'], { failed: 1, pending: 0 }]);
  });

  test('B15i a handler that takes time in its own call is not cut off during it', () => {
    let tries = 0;
    const work$ = new Subject<void>();
    const start = () => {
      if (++tries === 1) return work$;
      box.scheduler.flush();
      return undefined;
    };
    const box = logged({ failAfter: 5, retry: { count: 5 } }, { start });
    box.mailbox.offer(1);
    work$.error('no');
    expect([tries, box.scheduler.now() >= 5, box.mailbox.tally()]).toMatchObject([
      2,
      true,
      { delivered: 1, failed: 0 },
    ]);
  });

  test('B15i work that has failed is not cut off if its teardown takes time', () => {
    const work$ = new Subject<void>();
    const start = () =>
      new Observable<void>(subscriber => {
        subscriber.add(() => box.scheduler.flush());
        subscriber.add(work$.subscribe(subscriber));
      });
    const box = logged({ failAfter: 5 }, { start });
    box.mailbox.offer(1);
    work$.error('no');
    expect([box.log, box.scheduler.now()]).toEqual([['failed 1 no'], 5]);
    expect(box.mailbox.tally()).toMatchObject({ failed: 1, pending: 0 });
  });

  test('B10k a teardown that throws is reported, and the failure still is the timeout', () => {
    const start = () =>
      new Observable<never>(() => () => {
        throw new Error('torn');
      });
    const { mailbox, log, scheduler } = logged({ failAfter: 5 }, { start });
    mailbox.offer(1);
    scheduler.flush();
    expect(log).toEqual([expect.stringMatching(/^threw /), expect.stringMatching(/^failed 1 DeliveryTimeoutError/)]);
  });

  test('B15i a first try that was made elsewhere is limited, too', () => {
    const { mailbox, log, scheduler } = logged({ failAfter: 5 });
    mailbox.adopt(1, { work: NEVER }, false);
    scheduler.flush();
    expect([log.length, mailbox.tally(), scheduler.now()]).toMatchObject([1, { failed: 1 }, 5]);
  });

  test('B15o a first try that was made elsewhere sets no timer if the level that it raises closes the mailbox', () => {
    const { mailbox, log, scheduler } = logged(
      { failAfter: 5, highWaterMark: 1 },
      {
        saturated: level => {
          if (level) mailbox.close();
        },
      },
    );
    mailbox.adopt(1, { work: NEVER }, false);
    scheduler.flush();
    expect([log, scheduler.now()]).toEqual([['saturated 1', 'clear 0', 'closed [1]'], 0]);
  });

  test('B15i a close in time clears its timer', () => {
    const { mailbox, log, scheduler } = logged({ failAfter: 1000 });
    mailbox.offer(1);
    mailbox.close();
    scheduler.flush();
    expect([log, scheduler.now()]).toEqual([['start 1', 'closed [1]'], 0]);
  });
});

describe('B15l failAfter in real time', () => {
  const real = (failAfter: number, start: (n: number) => unknown) => {
    jest.useFakeTimers({ now: 1e12 });
    const failed: [number, number][] = [];
    const broker = eventBroker<{ readonly type: 'A'; readonly n: number }>({ scheduler: asyncScheduler });
    broker.notices$.pipe(ofType('Failed')).subscribe(({ events }) => failed.push([events[0]!.n, Date.now() - 1e12]));
    broker.subscribe({ required: false, failAfter, next: ({ n }) => start(n) as Observable<unknown> });
    return { failed, send: (n: number) => broker.send({ type: 'A', n }), broker };
  };

  test('B15l never early, and at most a quarter late', () => {
    const work$ = new Subject<void>();
    const { failed, send } = real(800, n => (n === 1 ? work$ : NEVER));
    send(1);
    send(2);
    jest.advanceTimersByTime(750);
    work$.complete();
    jest.advanceTimersByTime(799);
    expect(failed).toEqual([]);
    jest.advanceTimersByTime(201);
    expect(failed).toEqual([[2, expect.any(Number)]]);
  });

  test('B14c without it there is no timer', () => {
    jest.useFakeTimers();
    const broker = eventBroker();
    broker.subscribe({ required: false, stallAfter: Infinity, next: () => NEVER });
    broker.send({ type: 'A' });
    expect(jest.getTimerCount()).toBe(0);
  });

  test('B15l one timer, however many deliveries; it runs out when nothing runs', () => {
    const { failed, send } = real(800, () => of(1));
    const timers = jest.spyOn(globalThis, 'setTimeout');
    for (let n = 0; n < 1000; n++) send(n);
    expect([failed, timers.mock.calls.length <= 1]).toEqual([[], true]);
    jest.advanceTimersByTime(200);
    expect(jest.getTimerCount()).toBe(0);
    timers.mockRestore();
  });

  test('B15l the timer keeps the process alive while work runs, and not after it', () => {
    const timer = setTimeout(() => undefined);
    clearTimeout(timer);
    const prototype = Object.getPrototypeOf(timer) as { ref(): void; unref(): void };
    const ref = jest.spyOn(prototype, 'ref');
    const unref = jest.spyOn(prototype, 'unref');
    const last = () => {
      const [held = 0, left = 0] = [ref, unref].map(({ mock }) => mock.invocationCallOrder.at(-1));
      return held > left ? 'ref' : 'unref';
    };
    const work$ = new Subject<void>();
    const broker = eventBroker();
    broker.subscribe({ required: false, stallAfter: Infinity, failAfter: 60_000, next: () => work$ });
    broker.send({ type: 'A' });
    expect(last()).toBe('ref');
    work$.complete();
    expect(last()).toBe('unref');
    ref.mockRestore();
    unref.mockRestore();
  });
});
