import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { asyncScheduler, BehaviorSubject, type SchedulerLike, Subject } from 'rxjs';
import { receiveTimeouts } from '../../../lib/source/socket/receiveTimeouts.js';
import { socketClient } from '../../../lib/source/socket/socketClient.js';
import { handClock } from './handClock.js';
import { recorder } from './recorder.js';
import { closeAll, released, serving } from './serving.js';

const MONTH = 30 * 86_400_000;

describe('times of sockets', () => {
  afterEach(async () => {
    jest.restoreAllMocks();
    await closeAll();
  });

  test('N3 a receiveTimeout of a month works', () => {
    const { scheduler, advance } = handClock();
    const told: string[] = [];
    const subscription = receiveTimeouts(new Subject(), {
      receiveTimeout: MONTH,
      maxReceiveTimeouts: 1,
      paused$: new BehaviorSubject(false),
      scheduler,
      timedOut: () => told.push('timed out'),
    }).subscribe({ error: (error: Error) => told.push(error.name) });
    advance(MONTH - 1);
    expect(told).toEqual([]);
    advance(1);
    expect(told).toEqual(['timed out']);
    advance(MONTH);
    expect(told).toEqual(['timed out', 'timed out', 'ReceiveTimeoutError']);
    subscription.unsubscribe();
  });

  test.each([2 ** 31, MONTH, Infinity])('N3 no system timer is set to %d ms: it would fire immediately', async ms => {
    const delays: (number | undefined)[] = [];
    const schedule = (...args: Parameters<SchedulerLike['schedule']>) => {
      delays.push(args[1]);
      return asyncScheduler.schedule(...args);
    };
    const scheduler = { now: () => asyncScheduler.now(), schedule };
    await serving({ receiveTimeout: ms, scheduler });
    expect(delays).toEqual(ms === Infinity ? [] : [2 ** 31 - 1]);
  });

  const nobody = async (): Promise<number> => {
    const gone = await serving();
    gone.subscription.unsubscribe();
    await released(gone);
    return gone.port;
  };

  test('N4 a dialRetryInterval of a month works', async () => {
    const { scheduler, advance } = handClock();
    const port = await nobody();
    const failures = recorder<string>();
    const dialling = socketClient({
      host: '127.0.0.1',
      port,
      scheduler,
      dialRetryInterval: MONTH,
      dialTimeout: Infinity,
      notices: { next: ({ type }) => failures.next(type) },
    }).subscribe();
    await failures.until(seen => seen.length === 1);
    advance(MONTH - 1);
    expect(scheduler.actions.length).toBe(1);
    advance(1);
    await failures.until(seen => seen.length === 2);
    dialling.unsubscribe();
  });

  test('N4 dialTimeout ends on time, even if the clock of the machine is set back', async () => {
    const port = await nobody();
    const seen = recorder<string>();
    const wall = jest.spyOn(Date, 'now');
    const now = Date.now();
    let calls = 0;
    wall.mockImplementation(() => now - 3_600_000 * calls++); // it goes back an hour whenever it is asked
    const dialling = socketClient({ host: '127.0.0.1', port, dialRetryInterval: 2, dialTimeout: 20 }).subscribe({
      error: (error: Error) => seen.next(error.name),
    });
    await seen.until(all => all.length > 0);
    expect(seen.seen).toEqual(['DialTimeoutError']);
    dialling.unsubscribe();
  });
});
