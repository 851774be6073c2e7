import { describe, expect, test } from '@jest/globals';
import {
  EMPTY,
  finalize,
  NEVER,
  Observable,
  observable,
  observeOn,
  of,
  queueScheduler,
  startWith,
  Subject,
  Subscription,
  throwError,
  VirtualTimeScheduler,
  type RetryConfig,
  type SchedulerLike,
} from 'rxjs';
import type { Mailbox } from '../../lib/flow/mailbox/Mailbox.js';
import { loggedMailbox as logged } from './loggedMailbox.js';

const failure = new Error('broken');

/** Fails `times` times, in some way, and then succeeds. */
const failing = (times: number, how: () => unknown, log: string[], now: () => number) => {
  let tries = 0;
  return () => {
    log.push(`try ${++tries} at ${now()}`);
    return tries <= times ? how() : undefined;
  };
};

const run = (retry: RetryConfig, times: number, how: () => unknown) => {
  const box = logged({ retry }, { start: () => start() });
  const start = failing(times, how, box.log, () => box.scheduler.now());
  box.mailbox.offer(1);
  box.scheduler.flush();
  return { log: box.log, tally: box.mailbox.tally() };
};

const throws = (): never => {
  throw failure;
};

describe.each([
  ['a throw', throws],
  ['work that fails', () => throwError(() => failure)],
])('B10c a delivery is tried again in place after %s', (_, how) => {
  test.each<[string, RetryConfig, readonly string[]]>([
    ['immediately', { count: 2 }, ['try 1 at 0', 'try 2 at 0', 'try 3 at 0']],
    ['after ms of the scheduler', { count: 2, delay: 5 }, ['try 1 at 0', 'try 2 at 5', 'try 3 at 10']],
    ['after a value of its notifier', { delay: () => of(1, 2) }, ['try 1 at 0', 'try 2 at 0', 'try 3 at 0']],
    ['as often as count says', { count: 1 }, ['try 1 at 0', 'try 2 at 0', 'failed 1 Error: broken after 2']],
    ['never with a count of 0', { count: 0 }, ['try 1 at 0', 'failed 1 Error: broken']],
  ])('%s', (__, retry, log) => {
    expect(run(retry, 2, how).log).toEqual(log);
  });

  test('B10e without a count it is tried again until it succeeds', () => {
    expect(run({ delay: 1 }, 10_000, how).log.at(-1)).toBe('try 10001 at 10000');
    expect(run({}, 10_000, how).tally).toMatchObject({ delivered: 1, failed: 0 });
  });

  test('a notifier that completes without a value ends the delivery as done, one that errors as failed', () => {
    expect(run({ delay: () => EMPTY }, 1, how).tally).toMatchObject({ delivered: 1, failed: 0 });
    const other = run({ delay: () => throwError(() => 'given up') }, 1, how);
    expect(other.log).toEqual(['try 1 at 0', 'failed 1 given up']);
  });

  test('a delay function gets the error and the number of the retry; one that throws fails the delivery', () => {
    const asked: unknown[] = [];
    const delay = (error: unknown, count: number): Observable<unknown> => {
      asked.push([error, count]);
      if (count === 2) throw new Error('delay threw');
      return of(1);
    };
    expect(run({ delay }, 5, how).log.at(-1)).toBe('failed 1 Error: delay threw after 2');
    expect(asked).toEqual([
      [failure, 1],
      [failure, 2],
    ]);
  });

  test('B10n 100,000 retries without a delay do not grow the stack', () => {
    expect(run({ count: 100_000 }, 100_000, how).tally).toMatchObject({ delivered: 1, failed: 0 });
  });
});

describe('B10c retries and values', () => {
  test.each([
    [true, 4],
    [false, 3],
  ])('resetOnSuccess: %s counts anew after a value', (resetOnSuccess, tries) => {
    let made = 0;
    const start = () => {
      made++;
      return new Observable(subscriber => {
        if (made === 2) subscriber.next(1);
        subscriber.error(failure);
      });
    };
    const { mailbox } = logged({ retry: { count: 2, resetOnSuccess } }, { start });
    mailbox.offer(1);
    expect([made, mailbox.tally().failed]).toEqual([tries, 1]);
  });

  test('the next try begins when the failed one has released what it held', () => {
    const log: string[] = [];
    const start = () => {
      log.push('try');
      return new Observable(subscriber => {
        subscriber.add(() => log.push('released'));
        subscriber.error(failure);
      });
    };
    logged({ retry: { count: 1 } }, { start }).mailbox.offer(1);
    expect(log).toEqual(['try', 'released', 'try', 'released']);
  });

  test('closed while it waits for the next try: cut off, and not tried again', () => {
    const left: string[] = [];
    const delay = () => NEVER.pipe(finalize(() => left.push('left')));
    const { mailbox, log } = logged({ retry: { delay } }, { start: throws });
    mailbox.offer(1);
    mailbox.close();
    expect([log, left]).toEqual([['closed [1]'], ['left']]);
  });
});

describe('B10 a Promise is waited for', () => {
  test('one after the other, in order; a rejection is a failure', async () => {
    const { mailbox, log } = logged(
      {},
      {
        start: async (n: number) => {
          log.push(`start ${n}`);
          await Promise.resolve();
          if (n === 2) throw failure;
        },
      },
    );
    for (const n of [1, 2, 3]) mailbox.offer(n);
    await new Promise(resolve => setImmediate(resolve));
    expect(log).toEqual(['start 1', 'start 2', 'failed 2 Error: broken', 'start 3']);
    expect(mailbox.tally()).toMatchObject({ delivered: 2, failed: 1, pending: 0 });
  });

  test('its value is emitted; one that comes after the mailbox has closed is not', async () => {
    const values: unknown[] = [];
    const { mailbox } = logged({}, { start: n => Promise.resolve(n), emitted: value => void values.push(value) });
    mailbox.offer(1);
    await new Promise(resolve => setImmediate(resolve));
    mailbox.offer(2);
    mailbox.close();
    await new Promise(resolve => setImmediate(resolve));
    expect([values, mailbox.tally()]).toMatchObject([[1], { delivered: 1, failed: 1 }]);
  });

  test('a rejection that comes after the mailbox has closed is not reported', async () => {
    const { mailbox, log } = logged({}, { start: () => Promise.reject(failure) });
    mailbox.offer(1);
    mailbox.close();
    await new Promise(resolve => setImmediate(resolve));
    expect([log, mailbox.tally()]).toMatchObject([['closed [1]'], { failed: 1 }]);
  });

  test('if its value closes the mailbox, the delivery is cut off, and nothing is counted or reported twice', async () => {
    const { mailbox, log } = logged(
      {},
      {
        start: n => Promise.resolve(n),
        emitted: () => mailbox.close(),
        progressed: () => void log.push('progressed'),
      },
    );
    mailbox.offer(1);
    await new Promise(resolve => setImmediate(resolve));
    expect([log, mailbox.tally()]).toMatchObject([['progressed', 'closed [1]'], { delivered: 0, failed: 1 }]);
  });

  test('one whose then calls back twice is counted once', async () => {
    const work = Object.assign(Promise.resolve(), {
      then: (done: (value: number) => void) => {
        done(1);
        done(2);
      },
    });
    const values: unknown[] = [];
    const { mailbox } = logged({}, { start: () => work, emitted: value => void values.push(value) });
    mailbox.offer(1);
    await new Promise(resolve => setImmediate(resolve));
    expect([values, mailbox.tally()]).toMatchObject([[1], { delivered: 1, pending: 0 }]);
  });

  test.each([
    ['of a class of its own', class extends Promise<unknown> {}],
    ['of the platform', Promise],
  ])('%s: its own then is called', async (_, Kind) => {
    const calls: string[] = [];
    const work = Object.assign(Kind.resolve(1), {
      then: (done: () => void) => {
        calls.push('then');
        done();
      },
    });
    const { mailbox } = logged({}, { start: () => work });
    mailbox.offer(1);
    await new Promise(resolve => setImmediate(resolve));
    expect([calls, mailbox.tally().delivered]).toEqual([['then'], 1]);
  });
});

describe('B3 observeOn', () => {
  test('the handler runs on the scheduler, one delivery after the other; a close cancels it', () => {
    const box = logged({ capacity: 9 });
    const { mailbox, log, scheduler } = logged(
      { capacity: 9, observeOn: box.scheduler },
      { start: n => void log.push(`start ${n}`) },
    );
    mailbox.offer(1);
    mailbox.offer(2);
    expect([log, mailbox.pending]).toEqual([[], 2]);
    box.scheduler.flush();
    expect(log.splice(0)).toEqual(['start 1', 'start 2']);
    mailbox.offer(3);
    mailbox.close();
    box.scheduler.flush();
    expect([log, scheduler.actions.length]).toEqual([['closed [3]'], 0]);
  });

  test('a scheduler that calls twice, or after the mailbox has closed, begins nothing more', () => {
    const actions: (() => void)[] = [];
    const schedule = (work: () => void): Subscription => {
      actions.push(work);
      return new Subscription();
    };
    const scheduler = { now: () => 0, schedule } as unknown as SchedulerLike;
    const { mailbox, log } = logged({ capacity: 9, observeOn: scheduler });
    mailbox.offer(1);
    for (let i = 0; i < 2; i++) actions[0]?.();
    mailbox.offer(2);
    expect(log.splice(0)).toEqual(['start 1']);
    const other = logged({ capacity: 9, observeOn: scheduler });
    other.mailbox.offer(3);
    other.mailbox.close();
    actions.at(-1)?.();
    expect(other.log).toEqual(['closed [3]']);
  });

  test('a scheduler that calls immediately: the work that runs is unsubscribed at the close', () => {
    const { mailbox, works } = logged({ capacity: 9, observeOn: queueScheduler });
    mailbox.offer(1);
    const [work$] = works;
    expect(work$?.observed).toBe(true);
    mailbox.close();
    expect(work$?.observed).toBe(false);
  });

  test('a scheduler that calls immediately does not grow the stack, and one that throws fails the delivery', () => {
    const { mailbox } = logged({ capacity: 9, observeOn: queueScheduler }, { start: () => undefined });
    mailbox.hold(true);
    for (let n = 0; n < 9; n++) mailbox.offer(n);
    mailbox.hold(false);
    expect(mailbox.tally()).toMatchObject({ delivered: 9 });
    const broken = { now: () => 0, schedule: throws };
    const other = logged({ capacity: 9, observeOn: broken });
    other.mailbox.offer(1);
    expect(other.log).toEqual(['failed 1 Error: broken']);
  });
});

describe('B6 a mailbox that is closed by the user code of a retry, or of a scheduler', () => {
  let mailbox: Mailbox<number, number>;

  test.each<[string, () => unknown]>([
    ['a throw', throws],
    ['work that fails', () => throwError(() => failure)],
  ])('after %s, by the delay function: cut off, and its Observable is not subscribed to', (_, how) => {
    let subscribed = 0;
    const never$ = new Observable<never>(() => {
      subscribed++;
    });
    for (const delay of [
      () => {
        mailbox.close();
        return never$;
      },
      () => {
        mailbox.close();
        throw new Error('delay threw');
      },
    ]) {
      const box = logged({ retry: { delay } }, { start: how });
      const { mailbox: inner } = box;
      mailbox = inner;
      inner.offer(1);
      expect([box.log, inner.tally(), subscribed]).toMatchObject([['closed [1]'], { failed: 1, pending: 0 }, 0]);
    }
  });
  test('by the teardown of the delay: nothing is tried again', () => {
    const delay = () =>
      new Subject().pipe(
        startWith(1),
        delayed,
        finalize(() => mailbox.close()),
      );
    const scheduler = new VirtualTimeScheduler();
    const delayed = <T>(source$: Observable<T>) => source$.pipe(observeOn(scheduler));
    let tries = 0;
    const box = logged(
      { retry: { count: 1, delay } },
      {
        start: () => {
          tries++;
          throw failure;
        },
      },
    );
    ({ mailbox } = box);
    mailbox.offer(1);
    scheduler.flush();
    expect([box.log, tries]).toEqual([['closed [1]'], 1]);
  });

  test('a delay whose teardown throws is reported', () => {
    const delay = () => new Observable(() => throws);
    const { mailbox: box, log } = logged({ retry: { delay } }, { start: throws });
    box.offer(1);
    box.close();
    expect(log[0]).toMatch(/^threw /);
    expect(log.at(-1)).toBe('closed [1]');
  });

  test.each([
    ['throws', () => new Subscription(throws)],
    ['is missing', () => 5],
  ])('an action whose unsubscribe %s is reported, and the mailbox closes', (_, schedule) => {
    const scheduler = { now: () => 0, schedule } as unknown as SchedulerLike;
    const { mailbox: box, log } = logged({ capacity: 9, observeOn: scheduler });
    box.offer(1);
    box.close();
    expect(log).toEqual([expect.stringMatching(/^threw /), 'closed [1]']);
  });

  test('a scheduler that throws the error of another action, after it has called, changes no delivery', () => {
    const schedule = (work: () => void): never => {
      work();
      throw failure;
    };
    const scheduler = { now: () => 0, schedule } as unknown as SchedulerLike;
    const { mailbox: box, log } = logged({ capacity: 9, observeOn: scheduler, retry: { count: 1 } });
    box.offer(1);
    expect(log).toEqual(['start 1', 'threw Error: broken']);
    expect(box.tally()).toMatchObject({ pending: 1, failed: 0 });
  });

  test('an error of a scheduler that has closed the mailbox is reported, although no delivery fails with it', () => {
    const schedule = (): never => {
      box.close();
      throw failure;
    };
    const scheduler = { now: () => 0, schedule } as unknown as SchedulerLike;
    const { mailbox: box, log } = logged({ capacity: 9, observeOn: scheduler });
    box.offer(1);
    expect(log).toEqual(['closed [1]', 'threw Error: broken']);
  });

  test('an action that a scheduler keeps although it has thrown does nothing later', () => {
    let kept: (() => void) | undefined;
    const schedule = (work: () => void): never => {
      kept ??= work;
      throw failure;
    };
    const scheduler = { now: () => 0, schedule } as unknown as SchedulerLike;
    const { mailbox: box, log } = logged({ capacity: 9, observeOn: scheduler, retry: { count: 1, delay: 1 } });
    box.offer(1);
    kept!();
    expect(log).toEqual([]);
    box.close();
  });

  test('a subscriber that closes at the gap is not notified by missed', () => {
    const box = logged(
      { capacity: 1 },
      {
        notify: notice => {
          if (notice.type === 'Dropped' && !notice.open) box.mailbox.close();
        },
      },
    );
    for (const n of [1, 2, 3]) box.mailbox.offer(n);
    box.mailbox.hold(true);
    box.mailbox.hold(false);
    box.done();
    box.mailbox.offer(4);
    box.done();
    expect(box.log).toEqual(['start 1', 'start 2', 'closed []']);
  });
});

test('B6 work whose teardown throws is reported, and the next delivery begins', () => {
  const start = (n: number) =>
    n > 1
      ? undefined
      : new Observable(subscriber => {
          subscriber.add(() => {
            throw failure;
          });
          subscriber.complete();
        });
  const { mailbox, log } = logged({}, { start });
  mailbox.offer(1);
  mailbox.offer(2);
  expect(mailbox.tally()).toMatchObject({ delivered: 2 });
  expect(log).toHaveLength(1);
  expect(log[0]).toMatch(/^threw UnsubscriptionError/);
});

test('B6 events that are offered while the teardown of failed work runs come after it', () => {
  const order: string[] = [];
  const first$ = new Subject();
  const { mailbox } = logged(
    {},
    {
      start: n => {
        order.push(`start ${n}`);
        if (n > 1) return NEVER;
        return new Observable(subscriber => {
          subscriber.add(() => {
            mailbox.offer(2);
            order.push('released');
          });
          subscriber.add(first$.subscribe(subscriber));
        });
      },
    },
  );
  mailbox.offer(1);
  first$.error(failure);
  expect(order).toEqual(['start 1', 'released', 'start 2']);
});

test('B6 work whose getter closes the mailbox and then throws is counted once, and not reported', () => {
  let reads = 0;
  const work = {
    get then() {
      if (++reads < 2) return () => undefined;
      mailbox.close();
      throw failure;
    },
  };
  const { mailbox, log } = logged({}, { start: () => work });
  mailbox.offer(1);
  expect([log, mailbox.tally()]).toMatchObject([['closed [1]'], { failed: 1, pending: 0 }]);
});

test('B10 work whose getter throws when it is waited for fails the delivery', () => {
  let reads = 0;
  const work = {
    get then() {
      if (++reads > 1) throw failure;
      return () => undefined;
    },
  };
  const { mailbox, log } = logged({}, { start: () => work });
  mailbox.offer(1);
  expect([log, mailbox.tally()]).toMatchObject([['failed 1 Error: broken'], { failed: 1, pending: 0 }]);
});

test('B6 work whose getter closes the mailbox is not subscribed to', () => {
  let begun = 0;
  let reads = 0;
  const work = {
    get [observable]() {
      if (++reads > 1) mailbox.close();
      return () =>
        new Observable(() => {
          begun++;
        });
    },
  };
  const { mailbox, log } = logged({}, { start: () => work });
  mailbox.offer(1);
  expect([log, begun]).toEqual([['closed [1]'], 0]);
});
