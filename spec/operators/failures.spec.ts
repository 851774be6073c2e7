import '../flow/invariants.js';
import { describe, expect, test } from '@jest/globals';
import { NEVER, Observable, of, Subject, throwError } from 'rxjs';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import { backpressure } from '../../lib/operators/backpressure.js';
import { fanOut } from '../../lib/operators/fanOut.js';
import { pausable } from '../../lib/operators/pausable.js';

const noticesOf = () => {
  const seen: Notice[] = [];
  return { seen, notices: { next: (notice: Notice) => void seen.push(notice) } };
};
const error = new Error('broken');
/** The second value fails. */
const project = (n: number) => (n === 2 ? throwError(() => error) : of(n));

describe('B10 work that fails', () => {
  test.each([
    ['required', { required: true }, [1, error]],
    ['required, onFailure: stop', { required: true, onFailure: 'stop' }, [1, error]],
    ['required, onFailure: continue', { required: true, onFailure: 'continue' }, [1, 3, 'complete']],
    ['optional', { required: false }, [1, 3, 'complete']],
  ] as const)('B10h of a backpressure that is %s', (_, delivery, expected) => {
    const { seen, notices } = noticesOf();
    const got: unknown[] = [];
    of(1, 2, 3)
      .pipe(backpressure({ ...delivery, notices, project }))
      .subscribe({ next: n => got.push(n), error: e => got.push(e), complete: () => got.push('complete') });
    expect(got).toEqual(expected);
    expect(seen.filter(({ type }) => type === 'Failed')).toEqual([
      { type: 'Failed', subscriber: { id: 0, key: 0, name: 'backpressure' }, events: [2], error, attempts: 1 },
    ]);
  });

  test('B5h of a level: announced with no events, and the source is not opened', () => {
    for (const level of ['skip$', 'hold$']) {
      const { seen, notices } = noticesOf();
      let opened = 0;
      const source$ = new Observable<number>(() => {
        opened++;
      });
      const errors: unknown[] = [];
      source$
        .pipe(backpressure({ required: true, [level]: throwError(() => error), notices, project }))
        .subscribe({ error: e => errors.push(e) });
      expect([errors, opened]).toEqual([[error], 0]);
      expect(seen.filter(({ type }) => type === 'Failed')).toMatchObject([{ events: [], error, attempts: 1 }]);
    }
  });
});

test('B5a O1d the last tally of a stream has the offered and the skipped events', () => {
  const { seen, notices } = noticesOf();
  const source$ = new Subject<number>();
  const skip$ = new Subject<boolean>();
  source$.pipe(backpressure({ required: true, skip$, notices, project })).subscribe();
  source$.next(1);
  skip$.next(true);
  for (const n of [5, 6]) source$.next(n);
  skip$.next(false);
  source$.next(3);
  source$.complete();
  expect(seen).toEqual([
    {
      type: 'Closed',
      subscriber: { id: 0, key: 0, name: 'backpressure' },
      tally: { offered: 4, delivered: 2, failed: 0, dropped: 0, skipped: 2, pending: 0 },
      unfinished: [],
    },
  ]);
});

test('B6 a cancelled delivery is announced, even if its value is undefined', () => {
  const unfinished: unknown[] = [];
  const notices = { next: (notice: Notice) => notice.type === 'Closed' && unfinished.push(notice.unfinished) };
  for (const value of [undefined, 1]) {
    const work = backpressure({ required: true, notices, project: () => NEVER });
    of(value).pipe(work).subscribe().unsubscribe();
  }
  expect(unfinished).toEqual([[undefined], [1]]);
});

test('O2b a hold keeps 1024 values and drops the newest, by default', () => {
  for (const [options, first, last, length] of [
    [{}, 0, 1023, 1024],
    [{ capacity: 2 }, 0, 1, 2],
    [{ capacity: 2, overflow: 'dropOldest' as const }, 1024, 1025, 2],
  ] as const) {
    const source$ = new Subject<number>();
    const hold$ = new Subject<boolean>();
    const got: number[] = [];
    source$.pipe(pausable({ hold$, ...options })).subscribe(n => got.push(n));
    hold$.next(true);
    for (let n = 0; n < 1026; n++) source$.next(n);
    hold$.next(false);
    expect([got[0], got.at(-1), got.length]).toEqual([first, last, length]);
  }
});

test('F3b a branch that becomes full, then clear, is announced', () => {
  const { seen, notices } = noticesOf();
  const source$ = new Subject<number>();
  const pause$ = new Subject<boolean>();
  fanOut(source$, { expectedSubscribers: 2, bufferSize: 2, notices })(NEVER).subscribe();
  const shared = fanOut(source$, { expectedSubscribers: 2, bufferSize: 2, notices });
  shared(NEVER).subscribe();
  shared(pause$).subscribe();
  pause$.next(true);
  for (const n of [1, 2]) source$.next(n);
  pause$.next(false);
  const subscriber = { id: 2, key: 2, name: 'fan-out branch 2' };
  expect(seen).toEqual([
    { type: 'Saturated', subscriber, pending: 2 },
    { type: 'Clear', subscriber, pending: 1 },
  ]);
});
