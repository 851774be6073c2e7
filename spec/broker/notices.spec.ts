import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { BehaviorSubject, Subscription, throwError } from 'rxjs';
import { a, still } from './events.js';

const written: unknown[] = [];
beforeEach(() => {
  written.length = 0;
  jest.spyOn(console, 'error').mockImplementation(what => {
    written.push(what);
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

const throws = (what: string) => (): never => {
  throw new Error(what);
};

/** A subscriber of another copy of RxJS: its errors reach the code that notifies it. */
const foreign = () =>
  Object.assign(new Subscription(), {
    next: throws('at a notice'),
    error: throws('at an error'),
    complete: throws('at the end'),
  });

test('B10k B10l an observer that throws its error back into the broker is written once, and the broker continues', () => {
  const broker = still();
  broker.notices$.subscribe(foreign());
  const { id } = broker.subscribe({ required: false, next: () => undefined });
  broker.unsubscribe(id);
  broker.subscribe({ required: false, next: () => undefined });
  broker.close();
  expect(written).toEqual([
    'rx-event-broker: an observer of notices threw at Subscribed',
    'rx-event-broker: an observer of notices threw at their end',
  ]);
  expect(broker.saturated$.subscribe().closed).toBe(true);
});

describe('B5 levels apply from the first event, even if an observer of Subscribed sends it', () => {
  test.each(['skip$', 'hold$'])('%s', level => {
    const broker = still();
    const got: unknown[] = [];
    broker.notices$.subscribe(({ type }) => {
      if (type === 'Subscribed') broker.send(a(1));
    });
    broker.subscribe({ required: true, [level]: new BehaviorSubject(true), next: event => got.push(event) });
    expect(got).toEqual([]);
  });

  test('one that errors immediately: subscribed, failed, closed', () => {
    const broker = still();
    const seen: string[] = [];
    broker.notices$.subscribe(({ type }) => seen.push(type));
    broker.subscribe({ required: true, hold$: throwError(() => new Error('no level')), next: () => undefined });
    expect(seen).toEqual(['Subscribed', 'Failed', 'Closed']);
  });

  test('B5h two that error immediately: the first one closes it, and nothing is announced after that', () => {
    const broker = still();
    const seen: string[] = [];
    broker.notices$.subscribe(({ type }) => seen.push(type));
    const level$ = throwError(() => new Error('no level'));
    broker.subscribe({ required: true, skip$: level$, hold$: level$, next: () => undefined });
    expect([seen, written]).toEqual([['Subscribed', 'Failed', 'Closed'], []]);
  });
});
