import { describe, expect, test } from '@jest/globals';
import { concatMap, from, ignoreElements, map, tap, timer } from 'rxjs';
import { runMarbles } from 'rx-event-broker/testing';
import { failureOf } from '../failureOf.js';
import { ERRORS_PAGE } from '../../../lib/event/seeDocs.js';

describe('level', () => {
  test('runs from the start, and a late subscriber gets its current value', () => {
    runMarbles(({ level, expectObservable }) => {
      const level$ = level('            --t---f|');
      expectObservable(level$).toBe('   --t---f|', { t: true, f: false });
      expectObservable(level$, '-^').toBe('--t---f|', { t: true, f: false });
      expectObservable(level$, '----^').toBe('----t-f|', { t: true, f: false });
      expectObservable(level$, '---------^').toBe('---------(f|)', { f: false });
      expectObservable(level('-#', 'no level')).toBe('-#', undefined, 'no level');
    });
  });

  test('a letter that is not a level is rejected', () => {
    expect(() => {
      runMarbles(({ level }) => {
        void level('-x-');
      });
    }).toThrow('level: expected t or f, found x');
  });
});

describe('promised', () => {
  test('resolves with a value or with nothing, or rejects, after its time', () => {
    runMarbles(({ promised, expectObservable }) => {
      expectObservable(from(promised('--a'))).toBe('--(a|)');
      expectObservable(from(promised('--n', { n: 7 }))).toBe('--(n|)', { n: 7 });
      expectObservable(from(promised('--|'))).toBe('--(u|)', { u: undefined });
      expectObservable(from(promised('--#'))).toBe('--#');
      expectObservable(from(promised('--#', undefined, new Error('no')))).toBe('--#', undefined, new Error('no'));
    });
  });

  test('its time begins when it is created; a later subscriber gets it immediately, after the caller', () => {
    runMarbles(({ promised, expectObservable }) => {
      const early = promised('--a');
      expectObservable(timer(5).pipe(concatMap(() => from(early)))).toBe('-----(a|)');
      const order: string[] = [];
      const askAgain = (): void => {
        early.then(() => order.push('later'));
        order.push('now');
      };
      expectObservable(timer(4).pipe(tap(askAgain), ignoreElements())).toBe('----|');
      expectObservable(timer(5).pipe(map(() => order.join(' ')))).toBe('-----(o|)', { o: 'now later' });
    });
  });

  test('chains as a Promise does: results, throws, promises, and handlers that are absent', () => {
    runMarbles(({ promised, expectObservable }) => {
      const ten = promised('-n', { n: 10 });
      expectObservable(from(ten.then(n => n + 1))).toBe('-(m|)', { m: 11 });
      expectObservable(from(ten.then(n => promised('--x', { x: n * 2 })))).toBe('---(m|)', { m: 20 });
      expectObservable(
        from(
          ten.then(() => {
            throw new RangeError('late');
          }),
        ),
      ).toBe('-#', undefined, new RangeError('late'));
      expectObservable(from(ten.then(undefined, () => 0))).toBe('-(n|)', { n: 10 });
      expectObservable(from(promised('-#').then(undefined, () => 'mended'))).toBe('-(m|)', { m: 'mended' });
      expectObservable(from(promised('-#').then(() => 0))).toBe('-#');
      expectObservable(from(ten.then(() => promised('-#')))).toBe('--#');
    });
  });

  test('B14e works as a handler instead of one that returns Promises', () => {
    runMarbles(({ cold, promised, expectObservable }) => {
      const save = (text: string): PromiseLike<string> => promised('---r', { r: `saved ${text}` });
      expectObservable(cold('ab|').pipe(concatMap(save))).toBe('---x--(y|)', { x: 'saved a', y: 'saved b' });
    });
  });
});

test('B14d a real Promise takes no part in virtual time: it is settled after the test', async () => {
  const ends: string[] = [];
  runMarbles(({ cold, expectObservable }) => {
    expectObservable(cold('ab|').pipe(concatMap(text => Promise.resolve(text).finally(() => ends.push(text))))).toBe(
      '',
    );
  });
  expect(ends).toEqual([]);
  await new Promise(setImmediate);
  expect(ends).toEqual(['a', 'b']);
});

describe('expectValue', () => {
  test('shows how a value changes, at the end of each instant', () => {
    runMarbles(({ cold, expectValue, flush }) => {
      let pending = 0;
      cold('-(ab)c-d').subscribe(value => {
        pending += value === 'c' ? -2 : 1;
      });
      expectValue(() => pending).toBe('02---0-1');
      flush();
    });
  });

  test('digits are numbers, t and f are booleans, values name the rest', () => {
    runMarbles(({ cold, expectValue }) => {
      let n = 0;
      cold('-a-b').subscribe(() => n++);
      expectValue(() => n > 0).toBe('ft');
      expectValue(() => (n === 1 ? undefined : `n${n}`)).toBe('zu-t', { z: 'n0', u: undefined, t: 'n2' });
      expectValue(() => (n === 0 ? undefined : n)).toBe('-1-2');
    });
  });

  test('a wrong height is shown', () => {
    const error = failureOf(({ cold, expectValue }) => {
      let pending = 0;
      cold('-a-b-c').subscribe(() => pending++);
      expectValue(() => pending).toBe('01-2-2');
      expectValue(() => pending).toBe('01-2-3');
    });
    expect(error.message).toMatchInlineSnapshot(`
     "expectValue: differs from its marbles at 5ms (${ERRORS_PAGE}#marblemismatcherror)

       expected  01-2-2
       actual    01-2-3
                      ^ 5ms: expected 2, found 3"
    `);
  });
});
