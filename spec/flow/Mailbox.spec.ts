import { describe, expect, jest, test } from '@jest/globals';
import { asyncScheduler, NEVER, Observable, of, Subject } from 'rxjs';
import { Mailbox } from '../../lib/flow/mailbox/Mailbox.js';
import type { DeliveryTap } from '../../lib/flow/contract/DeliveryTap.js';
import type { MailboxSettings, Strategy } from '../../lib/flow/mailbox/MailboxSettings.js';
import { mailboxWatch, stalledNotice } from '../../lib/flow/mailbox/mailboxWatch.js';
import { batchOfEvents, type Measure } from '../../lib/flow/mailbox/Measure.js';
import { gather } from '../../lib/flow/strategies/gather.js';
import { loggedMailbox as logged, owner, settings } from './loggedMailbox.js';

const batches = batchOfEvents as Measure<readonly number[], number>;

describe('a mailbox', () => {
  test('needs no listener', () => {
    for (const bound of [{ highWaterMark: 1 }, { capacity: 1 }, { capacity: 1, overflow: 'dropOldest' as const }, {}]) {
      const work$ = new Subject<void>();
      const threw: unknown[] = [];
      const mailbox = new Mailbox<number, number>(
        owner({ start: () => work$, threw: error => void threw.push(error) }),
        settings(bound),
      );
      mailbox.hold(true);
      mailbox.offer(0);
      mailbox.hold(false);
      for (const n of [1, 2, 3]) mailbox.offer(n);
      work$.complete();
      mailbox.offer(4);
      mailbox.close();
      const { delivered, dropped, offered, pending } = mailbox.tally();
      expect([offered, delivered + dropped, pending, threw]).toEqual([5, 5, 0, []]);
    }
  });

  test('knows its first event and how many come after it, in flight or held', () => {
    const { mailbox, done } = logged();
    expect([mailbox.backlog.front, mailbox.backlog.behind]).toEqual([undefined, 0]);
    mailbox.hold(true);
    for (const n of [1, 2, 3]) mailbox.offer(n);
    expect([mailbox.backlog.front, mailbox.backlog.behind, mailbox.settled]).toEqual([1, 2, 0]);
    mailbox.hold(false);
    expect([mailbox.backlog.front, mailbox.backlog.behind, mailbox.settled]).toEqual([1, 2, 0]);
    done();
    expect([mailbox.backlog.front, mailbox.backlog.behind, mailbox.settled]).toEqual([2, 1, 1]);
  });

  test('counts events, not batches', () => {
    const mailbox = new Mailbox<readonly number[], number>(owner({ start: () => NEVER }), {
      ...(settings() as unknown as MailboxSettings<readonly number[], number>),
      measure: batches,
    });
    expect([mailbox.backlog.front, mailbox.backlog.behind, mailbox.pending]).toEqual([undefined, 0, 0]);
    mailbox.hold(true);
    mailbox.offer([1, 2]);
    mailbox.offer([3, 4, 5]);
    expect([mailbox.backlog.front, mailbox.backlog.behind, mailbox.pending]).toEqual([1, 3, 5]);
    mailbox.hold(false);
    expect([mailbox.backlog.front, mailbox.backlog.behind, mailbox.pending]).toEqual([1, 3, 5]);
  });

  test('MB5 is saturated from its mark on, clear at half of it, and reports each once', () => {
    const { mailbox, done, told } = logged({ highWaterMark: 4 });
    for (const n of [1, 2, 3, 4, 5]) mailbox.offer(n);
    expect(told()).toEqual(['start 1', 'saturated 4']);
    for (let i = 0; i < 4; i++) done();
    expect(told()).toEqual(['start 2', 'start 3', 'clear 2', 'start 4', 'start 5']);
  });

  test('MB5 with a mark of 1 an event in flight saturates it, and that is reported before the delivery begins', () => {
    const { mailbox, done, told } = logged({ highWaterMark: 1 });
    mailbox.offer(1);
    expect([told(), mailbox.saturated]).toEqual([['saturated 1', 'start 1'], true]);
    done();
    expect([told(), mailbox.saturated]).toEqual([['clear 0'], false]);
  });

  test('MB4 drops the newest: the gap opens, grows, and is reported before the next delivery', () => {
    const { mailbox, done, told } = logged({ capacity: 1 });
    for (const n of [1, 2, 3, 4]) mailbox.offer(n);
    expect(told()).toEqual(['start 1', 'dropped 1 3 3 overflow open']);
    done();
    mailbox.offer(5);
    expect(told()).toEqual(['start 2']);
    done();
    expect(told()).toEqual(['dropped 2 3 4 overflow closed', 'missed 2', 'start 5']);
  });

  test('MB4 drops the oldest: the gap comes before the events that stayed', () => {
    const { mailbox, done, told } = logged({ capacity: 1, overflow: 'dropOldest' });
    for (const n of [1, 2, 3, 4]) mailbox.offer(n);
    expect(told()).toEqual(['start 1', 'dropped 1 2 2 overflow open']);
    done();
    expect(told()).toEqual(['dropped 2 2 3 overflow closed', 'missed 2', 'start 4']);
  });

  test('MB1 an event that is offered from inside a delivery comes after it', () => {
    const seen: number[] = [];
    const start = (n: number): void => {
      if (n === 1) for (const next of [2, 3]) mailbox.offer(next);
      seen.push(n);
    };
    const mailbox: Mailbox<number, number> = new Mailbox<number, number>(owner({ start }), settings());
    mailbox.offer(1);
    expect([seen, mailbox.tally()]).toMatchObject([[1, 2, 3], { offered: 3, delivered: 3, pending: 0 }]);
  });

  test('MB7 closed: waiting events are dropped, work in flight is unsubscribed and failed, and nothing is called afterwards', () => {
    const { mailbox, works, told } = logged();
    for (const n of [1, 2, 3]) mailbox.offer(n);
    const [work$] = works;
    told();
    mailbox.close();
    mailbox.close();
    mailbox.offer(4);
    mailbox.end();
    expect(told()).toEqual(['dropped 2 2 3 closed closed', 'closed [1]']);
    expect(work$?.observed).toBe(false);
    expect(mailbox.tally()).toEqual({ offered: 3, delivered: 0, failed: 1, dropped: 2, skipped: 0, pending: 0 });
  });

  test('MB7 closed from inside its own delivery: counted by how it ends, and the work it returns is not started', () => {
    let begun = 0;
    const work$ = new Observable<never>(() => {
      begun++;
    });
    for (const [result, tally, end] of [
      [undefined, { delivered: 1, failed: 0 }, ['start', 'closed: true', 'closed []']],
      [work$, { delivered: 0, failed: 1 }, ['start', 'closed: true', 'closed [1]']],
    ] as const) {
      const log: string[] = [];
      const { mailbox } = logged(
        {},
        {
          start: () => {
            log.push('start');
            mailbox.close();
            log.push(`closed: ${mailbox.closed}`);
            return result;
          },
          failed: () => void log.push('failed'),
          closed: unfinished => void log.push(`closed [${String(unfinished)}]`),
        },
      );
      mailbox.offer(1);
      expect(log).toEqual(end);
      expect(mailbox.tally()).toMatchObject({ offered: 1, pending: 0, ...tally });
    }
    expect(begun).toBe(0);
  });

  test('MB7 closed from inside its own delivery, which then throws: failed, then closed, not tried again', () => {
    let tries = 0;
    const start = (): void => {
      tries++;
      mailbox.close();
      throw new Error('broken');
    };
    const { mailbox, log } = logged({ retry: { count: 1 } }, { start });
    mailbox.offer(1);
    expect([log, tries]).toEqual([['failed 1 Error: broken', 'closed []'], 1]);
    expect(mailbox.tally()).toMatchObject({ failed: 1, pending: 0 });
  });

  test('MB7 closed again by what hears of the close: it is closed once', () => {
    const { mailbox, told } = logged(
      { highWaterMark: 1 },
      {
        saturated: level => {
          if (!level) mailbox.close();
        },
      },
    );
    mailbox.offer(1);
    mailbox.close();
    expect(told()).toEqual(['saturated 1', 'start 1', 'clear 0', 'closed [1]']);
  });

  test('MB7 work that fails because of the close is not counted a second time', () => {
    const { mailbox, works, told } = logged(
      { highWaterMark: 1 },
      {
        saturated: level => {
          if (!level) works[0]!.error('late');
        },
      },
    );
    mailbox.offer(1);
    mailbox.close();
    expect(told()).toEqual(['saturated 1', 'start 1', 'clear 0', 'closed [1]']);
    expect(mailbox.tally()).toMatchObject({ failed: 1, pending: 0 });
  });

  test('MB4 its tap gets what is dropped, and whether it is the newest', () => {
    const droppedBy = (overflow: 'dropNewest' | 'dropOldest') => {
      const dropped: unknown[] = [];
      const tap = {
        offered: () => undefined,
        began: () => undefined,
        ended: () => undefined,
        dropped: (...all: unknown[]) => void dropped.push(all),
      } as unknown as DeliveryTap<number, number>;
      const { mailbox } = logged({ capacity: 1, overflow }, { tap });
      for (const n of [1, 2, 3]) mailbox.offer(n);
      mailbox.close();
      return dropped;
    };
    expect(droppedBy('dropNewest')).toEqual([
      [[3], 'overflow', true],
      [[2], 'closed', false],
    ]);
    expect(droppedBy('dropOldest')).toEqual([
      [[2], 'overflow', false],
      [[3], 'closed', false],
    ]);
  });

  test('B23a gathers nothing more once it ends', () => {
    const seen: (readonly number[])[] = [];
    const given = { ...settings(), measure: batches } as unknown as MailboxSettings<readonly number[], number>;
    const { applied } = gather({ maxSize: 9, maxWait: 1000 }) as unknown as Strategy<number>;
    const mailbox = new Mailbox(
      owner<readonly number[]>({ start: batch => void seen.push(batch) }),
      applied(given, { required: true }),
    );
    mailbox.offer([1]);
    mailbox.offer([2]);
    expect(seen).toEqual([]);
    mailbox.end();
    expect([seen, mailbox.closed]).toEqual([[[1, 2]], true]);
  });

  test('ends when its events are done, and immediately if it has none', () => {
    const { mailbox, done, told } = logged();
    mailbox.offer(1);
    mailbox.offer(2);
    mailbox.end();
    mailbox.end();
    mailbox.offer(3);
    done();
    expect(told()).toEqual(['start 1', 'start 2']);
    done();
    expect(told()).toEqual(['closed []']);
    expect(mailbox.tally()).toMatchObject({ offered: 2, delivered: 2 });
    const idle = logged();
    idle.mailbox.end();
    expect(idle.told()).toEqual(['closed []']);
  });

  test('a close at the last event ends when that is done', () => {
    const { mailbox, done, told } = logged();
    mailbox.offer(1);
    mailbox.offer(2, true);
    mailbox.offer(3);
    done();
    done();
    expect(told()).toEqual(['start 1', 'start 2', 'closed []']);
  });

  test('work that fails is reported, and the next one begins after its release', () => {
    const { mailbox, works, told } = logged();
    const { works: begun } = { works };
    mailbox.offer(1);
    mailbox.offer(2);
    begun[0]?.error('broken');
    expect(told()).toEqual(['start 1', 'failed 1 broken', 'start 2']);
    expect(mailbox.tally()).toMatchObject({ failed: 1, delivered: 0, pending: 1 });
  });

  test('values that work emits are passed on, but none after one of them has closed it', () => {
    const values: unknown[] = [];
    const start = () =>
      new Observable<number>(subscriber => {
        for (let n = 1; n <= 100 && !subscriber.closed; n++) subscriber.next(n);
      });
    const emitted = (n: unknown) => {
      values.push(n);
      if (n === 3) mailbox.close();
    };
    const mailbox = new Mailbox<number, number>(owner({ start, emitted }), settings());
    mailbox.offer(1);
    expect([values, mailbox.tally()]).toMatchObject([[1, 2, 3], { failed: 1, pending: 0 }]);
  });

  test('takes over a delivery that began elsewhere', () => {
    const { mailbox, told } = logged({ highWaterMark: 2 });
    const work$ = new Subject<void>();
    mailbox.adopt(1, { work: work$ }, false);
    mailbox.offer(2);
    expect([told(), mailbox.backlog.front]).toEqual([['saturated 2'], 1]);
    work$.complete();
    expect(told()).toEqual(['clear 1', 'start 2']);
    const last = logged();
    last.mailbox.adopt(1, { work: of(1) }, true);
    expect(last.told()).toEqual(['closed []']);
    const failing = logged();
    failing.mailbox.adopt(1, { error: new Error('broken') }, false);
    expect([failing.told(), failing.mailbox.pending]).toEqual([['failed 1 Error: broken'], 0]);
  });

  test('takes over a delivery and is closed because of the level that it raised: its work is not begun', () => {
    let begun = 0;
    const { mailbox, told } = logged(
      { highWaterMark: 1 },
      {
        saturated: level => {
          if (level) mailbox.close();
        },
      },
    );
    const work = new Observable<never>(() => {
      begun++;
    });
    mailbox.adopt(1, { work }, false);
    expect([told(), begun]).toEqual([['saturated 1', 'clear 0', 'closed [1]'], 0]);
    expect(mailbox.tally()).toMatchObject({ failed: 1, pending: 0 });
  });

  test('takes over a delivery and is held because of the level that it raised: it is not begun a second time', () => {
    const { mailbox, told } = logged({ highWaterMark: 1 }, { saturated: level => mailbox.hold(level) });
    const work$ = new Subject<void>();
    mailbox.adopt(1, { work: work$ }, false);
    work$.complete();
    expect(told()).toEqual(['saturated 1', 'clear 0']);
    expect(mailbox.tally()).toMatchObject({ delivered: 1, pending: 0 });
  });

  test('B15g does not notify its watch of each step if that reads them itself', () => {
    const waits: string[] = [];
    const watch = {
      isExact: false,
      startWait: () => void waits.push('waits'),
      endWait: () => void waits.push('rests'),
      leave: () => void waits.push('leaves'),
    };
    const { mailbox, done } = logged({ watch });
    for (const n of [1, 2, 3]) mailbox.offer(n);
    for (let i = 0; i < 3; i++) done();
    expect(waits).toEqual(['waits', 'rests']);
  });

  test('notifies its watch when it begins to wait, makes progress, and has nothing left', () => {
    const waits: string[] = [];
    const watch = {
      isExact: true,
      startWait: () => void waits.push('waits'),
      endWait: () => void waits.push('rests'),
      leave: () => void waits.push('rests'),
    };
    const { mailbox, done } = logged({ watch });
    mailbox.offer(1);
    mailbox.offer(2);
    expect(waits.splice(0)).toEqual(['waits']);
    done();
    expect(waits.splice(0)).toEqual(['waits']);
    done();
    expect(waits.splice(0)).toEqual(['rests']);
    mailbox.hold(true);
    mailbox.offer(3);
    mailbox.offer(4);
    expect(waits.splice(0)).toEqual(['waits']);
    mailbox.close();
    expect(waits).toEqual(['rests']);
  });

  test('B15d a notice has no event if nothing is pending', () => {
    const { mailbox } = logged();
    expect('event' in stalledNotice(mailbox.backlog, 0)).toBe(false);
    mailbox.offer(1);
    expect(stalledNotice(mailbox.backlog, 0)).toMatchObject({ event: 1 });
  });

  test('B15g in real time a delivery that begins is a step, and so is one that ends', () => {
    jest.useFakeTimers({ now: 1e12 });
    const stalls: [unknown, number][] = [];
    const watch = mailboxWatch<number>(asyncScheduler, notice => {
      if (notice.type === 'Stalled') stalls.push([notice.event, Date.now() - 1e12]);
    });
    const { mailbox, done } = logged({ watch, stallAfter: 800 });
    for (const n of [1, 2]) mailbox.offer(n);
    jest.advanceTimersByTime(700);
    done();
    jest.advanceTimersByTime(790);
    expect(stalls).toEqual([]);
    jest.advanceTimersByTime(210);
    expect(stalls).toEqual([[2, expect.any(Number)]]);
    jest.useRealTimers();
  });
});
