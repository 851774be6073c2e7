import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { EMPTY, NEVER, observable, of, throwError, timer, VirtualTimeScheduler, type Observable } from 'rxjs';
import { retryInPlace } from '../../lib/flow/mailbox/retryInPlace.js';
import { openSource } from '../../lib/flow/contract/Source.js';
import { batchOfEvents, singleEvent } from '../../lib/flow/mailbox/Measure.js';
import { ignoreOutcome, isWork, startUnlessCancelled, workOf } from '../../lib/flow/mailbox/Work.js';

const thenable = Object.assign(() => undefined, { then: () => undefined });
const interop = { [observable]: () => NEVER };

describe('B2 what is waited for', () => {
  test.each<[string, unknown, boolean]>([
    ['a Promise', Promise.resolve(), true],
    ['an Observable', NEVER, true],
    ['what is like one', interop, true],
    ['a function that is like a Promise', thenable, true],
    ['what has @@observable', { '@@observable': () => NEVER }, true],
    ['an Observable of another copy', { subscribe: () => undefined, pipe: () => undefined }, true],
    ['the Observable of the platform', { subscribe: () => undefined, takeUntil: () => undefined }, true],
    ['a store', { subscribe: () => undefined, getState: () => 1 }, false],
    ['nothing', undefined, false],
    ['null', null, false],
    ['a text', 'text', false],
    ['an object', { then: true, [observable]: true }, false],
    ['a function', () => undefined, false],
  ])('%s', (_, result, expected) => {
    expect(isWork(result)).toBe(expected);
  });

  test('a value that is not work is done immediately', () => {
    const ends: string[] = [];
    for (const result of [undefined, [1, 2], 'text', EMPTY, NEVER])
      workOf(result).subscribe({ next: () => ends.push('next'), complete: () => ends.push('done') });
    expect(ends).toEqual(['done', 'done', 'done', 'done']);
  });

  test('B10m the rejection of an abandoned thenable ends nothing', async () => {
    const asked: string[] = [];
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', note);
    const rejected = Promise.reject(new Error('behind a thenable'));
    class Named extends Promise<unknown> {
      override readonly [Symbol.toStringTag] = 'Named' as never;
    }
    ignoreOutcome(() => Promise.reject(new Error('rejected')));
    ignoreOutcome(() => Named.reject(new Error('of a class')));
    ignoreOutcome(() => runInNewContext('Promise.reject(new Error("of another realm"))'));
    ignoreOutcome(() => ({ then: (done: () => void, failed: () => void) => rejected.then(done, failed) }));
    ignoreOutcome(() => ({
      then: () => {
        throw new Error('thrown');
      },
    }));
    ignoreOutcome(() => undefined);
    ignoreOutcome(() => {
      asked.push('asked');
      throw new Error('thrown');
    });
    await new Promise(resolve => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect([asked, unhandled]).toEqual([['asked'], []]);
  });
});

test('B6 a cancelled delivery does not start its work, and a call that cancels itself leaves no work running', () => {
  const seen: string[] = [];
  let wanted = true;
  const work$ = startUnlessCancelled(
    () => {
      seen.push('asked');
      wanted = false;
      return Promise.reject(new Error('left behind'));
    },
    () => wanted,
  );
  for (const times of ['first', 'second']) work$.subscribe({ complete: () => seen.push(`${times} done`) });
  expect(seen).toEqual(['asked', 'first done', 'second done']);
});

describe('B10c tried again', () => {
  const failure = new Error('broken');
  const failing = (log: string[], scheduler: VirtualTimeScheduler) => ({
    first: (): Observable<never> => {
      log.push(`first at ${String(scheduler.now())}`);
      return throwError(() => failure);
    },
    attempt: (number: number): Observable<string> => {
      log.push(`${String(number)} at ${String(scheduler.now())}`);
      return number < 3 ? throwError(() => failure) : of('value');
    },
  });

  const wanted = () => true;

  test.each([
    ['a number of ms, in the time of the scheduler', 5 as const, [0, 5, 10]],
    ['none', undefined, [0, 0, 0]],
    ['a function of its own', 'own' as const, [0, 7, 14]],
  ])('delay: %s', (_, delay, times) => {
    const scheduler = new VirtualTimeScheduler();
    const log: string[] = [];
    const { first, attempt } = failing(log, scheduler);
    const own = () => timer(7, scheduler);
    const config = delay === undefined ? { count: 2 } : { count: 2, delay: delay === 'own' ? own : delay };
    retryInPlace(config, scheduler, first, attempt, wanted, () => undefined).subscribe(value =>
      log.push(String(value)),
    );
    scheduler.flush();
    const [one, two, three] = times.map(String);
    expect(log).toEqual([`first at ${one ?? ''}`, `2 at ${two ?? ''}`, `3 at ${three ?? ''}`, 'value']);
  });

  test('as often as count says, then the error is the error', () => {
    const scheduler = new VirtualTimeScheduler();
    const log: string[] = [];
    const { first, attempt } = failing(log, scheduler);
    retryInPlace({ count: 1, delay: 5 }, scheduler, first, attempt, wanted, () => undefined).subscribe({
      error: error => log.push(String(error)),
    });
    scheduler.flush();
    expect(log).toEqual(['first at 0', '2 at 5', 'Error: broken']);
  });
});

test('a unit is weighed in events, and knows its first, its last and all', () => {
  const look = <U>(
    { weigh, first, last, events }: { [K in keyof typeof singleEvent]: (unit: U) => unknown },
    unit: U,
  ) => [weigh(unit), first(unit), last(unit), events(unit)];
  expect(look(singleEvent, 'a')).toEqual([1, 'a', 'a', ['a']]);
  expect(look(batchOfEvents, ['a', 'b', 'c'])).toEqual([3, 'a', 'c', ['a', 'b', 'c']]);
});

test('a pausable source is called with the pause; a plain one is subscribed to directly', () => {
  const given: unknown[] = [];
  const opened = openSource(pause$ => {
    given.push(pause$);
    return EMPTY;
  }, NEVER);
  expect([opened, given]).toEqual([EMPTY, [NEVER]]);
  expect(openSource(EMPTY, NEVER)).toBe(EMPTY);
});
