import { describe, expect, test } from '@jest/globals';
import { concat, delay, EMPTY, map, NEVER, of, tap, throwError, timer } from 'rxjs';
import { runMarbles } from 'rx-event-broker/testing';
import { failureOf } from '../failureOf.js';

describe('all that RxJS has', () => {
  test('cold, hot, time, animate, flush, and both expectations with toBe and toEqual', () => {
    const seen: string[] = [];
    runMarbles(({ cold, hot, time, animate, flush, expectObservable, expectSubscriptions }) => {
      animate('--x');
      const source = hot('-^-a--b|');
      expectObservable(source.pipe(delay(time('--|')))).toBe('----a--(b|)');
      expectSubscriptions(source.subscriptions).toBe('^-----!');
      const twice = cold('a|');
      expectObservable(concat(twice, twice)).toEqual(cold('aa|'));
      expectObservable(cold('a-b-c'), '-^-!').toBe('-a');
      expectObservable(of(cold('-x|'))).toBe('(i|)', { i: cold('-x|') });
      expectObservable(throwError(() => new Error('no'))).toBe('#', undefined, new Error('no'));
      expectObservable(NEVER).toBe('');
      expectObservable(EMPTY).toBe('|');
      expectObservable(timer(2000).pipe(map(() => 'a'))).toBe('2s (a|)');
      twice.pipe(tap(value => seen.push(value))).subscribe();
      flush();
      expect(seen).toEqual(['a']);
    });
  });

  test('passes with values that are equal but not identical', () => {
    runMarbles(({ cold, expectObservable }) => {
      const values = {
        a: { n: NaN, at: new Date(3), list: [1n], bytes: Uint8Array.of(1), map: new Map([['k', { v: 1 }]]) },
      };
      const equal = {
        a: { n: NaN, at: new Date(3), list: [1n], bytes: Uint8Array.of(1), map: new Map([['k', { v: 1 }]]) },
      };
      expectObservable(cold('-a|', values)).toBe('-a|', equal);
    });
  });

  test('an error of the test itself is not changed', () => {
    const mine = new RangeError('mine');
    expect(() => {
      runMarbles(() => {
        throw mine;
      });
    }).toThrow(mine);
  });
});

describe('the place of a failure', () => {
  const lineOf = (error: Error): string =>
    /runMarbles\.spec\.ts:(\d+)/.exec((error.stack ?? '').replace(error.message, ''))?.[1] ?? 'nowhere';

  test('the stack begins at the expectation, and has no frame of this library or of RxJS', () => {
    const here = new Error('the line above the expectation');
    const error = failureOf(({ cold, expectObservable }) => expectObservable(cold('-a')).toBe('-b'));
    expect(Number(lineOf(error))).toBe(Number(lineOf(here)) + 1);
    const calls = (error.stack ?? '').split('\n').filter(line => /^\s+at /.test(line));
    expect(calls.filter(call => /lib\/testing|rxjs/.test(call))).toEqual([]);
    expect(calls.some(call => call.includes('failureOf'))).toBe(true);
  });

  test('the first failure has the stack; the others have their place in the message', () => {
    const here = new Error('the first is five lines below');
    const error = failureOf(({ cold, expectObservable }) => {
      const source = cold('-a');

      expectObservable(source).toBe('-a');
      expectObservable(source).toBe('-b');
      expectObservable(source).toBe('-c');
    });
    expect(Number(lineOf(error))).toBe(Number(lineOf(here)) + 5);
    expect(error.message).toContain('2 of 3 expectations');
    expect(error.message).toMatch(new RegExp(`2\\. .*runMarbles\\.spec\\.ts:${Number(lineOf(here)) + 6}:`));
  });

  test('an error thrown in a handler ends the test', () => {
    expect(() => {
      runMarbles(({ cold }) => {
        cold('-a').subscribe(() => {
          throw new RangeError('in a handler');
        });
      });
    }).toThrow('in a handler');
  });
});
