import '../flow/invariants.js';
import { describe, expect, jest, test } from '@jest/globals';
import { NEVER, Subject } from 'rxjs';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import { pausable } from '../../lib/operators/pausable.js';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';

describe('pausable', () => {
  test('O2a skip$: values are dropped while it is true', () => {
    runMarbles(({ cold, level, expectObservable, expectSubscriptions }) => {
      const source = cold('     a-b-c-d-e-|');
      const skip$ = level('   ---t---f---');
      const expected = '      a-b-----e-|';
      expectObservable(source.pipe(pausable({ skip$ }))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe('^---------!');
    });
  });

  test('O2a skip$: while it is false nothing is dropped, however many values come from inside one', () => {
    const values$ = new Subject<number>();
    const seen: number[] = [];
    values$.pipe(pausable({ skip$: NEVER })).subscribe(n => {
      seen.push(n);
      if (n === 0) for (let next = 1; next <= 2000; next++) values$.next(next);
    });
    values$.next(0);
    expect(seen.length).toBe(2001);
  });

  test('O2b O2c hold$: values are kept in order while it is true, and completion waits for them', () => {
    runMarbles(({ cold, level, expectObservable }) => {
      const source = cold('     a-b-c-d-|');
      const hold$ = level('   ---t------f');
      const expected = '      a-b-------(cd|)';
      expectObservable(source.pipe(pausable({ hold$ }))).toBe(expected);
    });
  });

  test('O2b past its capacity it drops the newest or the oldest, and reports it', () => {
    runMarbles(({ cold, level, expectObservable, flush }) => {
      const seen: Notice<string>[] = [];
      const notices = { next: (notice: Notice<string>) => void seen.push(notice) };
      const hold$ = level('                                                                t------f');
      expectObservable(cold('-abcd|').pipe(pausable({ hold$, capacity: 2, notices }))).toBe('-------(ab|)');
      expectObservable(cold('-abcd|').pipe(pausable({ hold$, capacity: 2, overflow: 'dropOldest' }))).toBe(
        '-------(cd|)',
      );
      flush();
      expect(seen.filter(({ type }) => type === 'Dropped')).toMatchObject([
        { open: true, count: 1, first: 'c', last: 'c' },
        { open: false, count: 2, first: 'c', last: 'd' },
      ]);
    });
  });

  test('O2d the last level stays when it completes; its error becomes the stream’s error, and is reported nowhere else', () => {
    const write = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    runMarbles(({ cold, level, expectObservable }) => {
      expectObservable(cold('a-b-c|').pipe(pausable({ skip$: level('-(t|)') }))).toBe('a----|');
      expectObservable(cold('a-b-c|').pipe(pausable({ hold$: level('---#') }))).toBe('a-b#');
    });
    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
  });
});
