import { describe, expect, test } from '@jest/globals';
import { pino, type Logger } from 'pino';
import { NEVER, Subject } from 'rxjs';
import { eventBroker, type Notice } from 'rx-event-broker';
import { runMarbles } from 'rx-event-broker/testing';
import { logNotices } from '../../examples/pino/logNotices.js';
import { main } from '../../examples/pino/main.js';
import { lines } from './lines.js';

type Order = { readonly type: 'Order'; readonly card: string };
type Line = Readonly<Record<string, unknown>>;
const order: Order = { type: 'Order', card: 'secret' };

/** A logger with pino's own serializers, and its lines. */
const logging = () => {
  const written: string[] = [];
  const logger: Logger = pino({ base: null, timestamp: false }, { write: (line: string) => written.push(line) });
  return { logger, written, parsed: () => written.map(line => JSON.parse(line) as Line) };
};

const failed = (error: unknown): Notice<Order> => ({
  type: 'Failed',
  subscriber: { id: 1, key: 1, name: 'store' },
  events: [order],
  error,
  attempts: 1,
});

test('three failures of a thousand are logged, and the others are counted', () => {
  const { print, printed } = lines();
  main(print);
  const subscriber = { id: 1, key: 1, name: 'store' };
  const err = { type: 'Error', message: 'no space left on device' };
  const failure = { level: 50, subscriber, events: 1, attempts: 1, err, msg: 'Failed' };
  expect(printed.map(line => JSON.parse(line) as Line)).toMatchObject([
    failure,
    failure,
    failure,
    { level: 30, subscriber, tally: { failed: 1000 }, unfinished: 0, msg: 'Closed' },
    { level: 40, notice: 'Failed', count: 997, msg: 'left out' },
  ]);
});

describe('in time', () => {
  /** What is logged of such notices: two lines of a type in 5 ms, digits for those left out. */
  const expectLines = (marbles: string, expected: string): void => {
    runMarbles(({ hot, expectObservable }) => {
      const notices$ = hot<Notice<Order>>(marbles, {
        f: failed(new Error('no disk')),
        s: { type: 'Saturated', subscriber: { id: 1, key: 1, name: 'store' }, pending: 1 },
      });
      const line$ = new Subject<string>();
      const write = (text: string): void => {
        const { msg, notice, count } = JSON.parse(text) as Record<string, string>;
        line$.next(msg === 'left out' ? `${notice} ${count}` : msg!);
      };
      const values = { f: 'Failed', s: 'Saturated', 1: 'Failed 1', 2: 'Saturated 1', 3: 'Failed 3' };
      expectObservable(line$).toBe(expected, values);
      logNotices(notices$, pino({ base: null, timestamp: false }, { write }), { lines: 2, within: 5 });
    });
  };

  test('the first notices are logged immediately, the rest is counted when the window ends', () => {
    expectLines('fffff-------', 'ff---3------');
  });
  test('a window begins with its first notice, and the next one counts anew', () => {
    expectLines('---fff-----fff-----', '---ff---1--ff---1--');
  });
  test('each type of notice has its own bound', () => {
    expectLines('fsfsfs------', 'fsfs-(12)---');
  });
  test('at the end of the notices, the rest is counted immediately', () => {
    expectLines('fff|', 'ff-1');
  });
});

describe('errors of every kind', () => {
  const nullProto = Object.setPrototypeOf(new Error('failed'), null) as unknown;
  const unreadable = Object.defineProperty(new Error('failed'), 'message', {
    get: () => {
      throw new Error('no message');
    },
  });
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const odd = [undefined, null, 'text', 5n, Symbol('odd'), nullProto, unreadable, circular, () => 1];

  test.each(odd.map((error, nr) => [nr, error]))('%s is one line', (_, error) => {
    const { logger, parsed } = logging();
    const notices$ = new Subject<Notice<Order>>();
    logNotices(notices$, logger, { lines: 10, within: 5 });
    notices$.next(failed(error));
    notices$.complete();
    expect(parsed()).toMatchObject([{ level: 50, msg: 'Failed' }]);
  });

  test('an error has its stack, and its cause', () => {
    const { logger, parsed } = logging();
    const notices$ = new Subject<Notice<Order>>();
    logNotices(notices$, logger, { lines: 10, within: 5 });
    notices$.next(failed(new Error('not stored', { cause: new Error('no disk') })));
    notices$.complete();
    const [line] = parsed();
    expect(line).toMatchObject({ err: { type: 'Error', message: 'not stored: no disk' } });
    expect((line?.['err'] as { stack: string }).stack).toContain('caused by');
  });
});

test('no line contains an event', () => {
  runMarbles(({ hot }) => {
    const { logger, written } = logging();
    logger.level = 'trace';
    const broker = eventBroker<Order>();
    logNotices(broker.notices$, logger, { lines: 10, within: 5 });
    broker.subscribe({ name: 'stuck', required: false, capacity: 1, stallAfter: 5, next: () => NEVER });
    broker.subscribe({
      name: 'bad',
      required: true,
      onFailure: 'continue',
      next: () => Promise.reject(new Error('bad')),
    });
    broker.subscribe({
      name: 'failing',
      required: true,
      onFailure: 'continue',
      next: () => {
        throw new Error('bad');
      },
    });
    hot('ooo-------|').subscribe({
      next: () => broker.send(order),
      complete: () => {
        broker.close();
        const types = new Set(written.map(line => (JSON.parse(line) as Line)['msg']));
        expect([...types].sort()).toEqual(['Closed', 'Dropped', 'Failed', 'Stalled', 'Subscribed']);
        expect(written.join('')).not.toContain('secret');
      },
    });
  });
});
