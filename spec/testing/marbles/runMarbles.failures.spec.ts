import { describe, expect, test } from '@jest/globals';
import { concat, merge, NEVER, of } from 'rxjs';
import { runMarbles } from 'rx-event-broker/testing';
import { failureOf } from '../failureOf.js';
import { ERRORS_PAGE } from '../../../lib/event/seeDocs.js';

const ticks = { a: { type: 'Tick', n: 1 }, b: { type: 'Tick', n: 2 }, c: { type: 'Tick', n: 3 } };

describe('readable failures', () => {
  test('a value that differs: caret in the group, text, and the path inside', () => {
    const error = failureOf(({ cold, expectObservable }) =>
      expectObservable(cold('a-b--(cd)|', { ...ticks, d: { type: 'Tick', n: 4 } })).toBe('a-b--(cb)|', ticks),
    );
    expect(error.name).toBe('MarbleMismatchError');
    expect(error.message).toMatchInlineSnapshot(`
     "expectObservable: differs from its marbles at 5ms (${ERRORS_PAGE}#marblemismatcherror)

       expected  a-b--(cb)|
       actual    a-b--(cd)|
                        ^ 5ms: expected b, found d

       b = {"type":"Tick","n":2}
       d = {"type":"Tick","n":4}
       differs at .n: expected 2, found 4"
    `);
    expect(error.expected).toBe('a-b--(cb)|');
    expect(error.actual).toBe('a-b--(cd)|');
  });

  test('too late, too early, missing, too many', () => {
    const error = failureOf(({ cold, expectObservable }) => {
      expectObservable(cold('--a---b|')).toBe('--a--b-|');
      expectObservable(cold('--a-b--|')).toBe('--a--b-|');
      expectObservable(cold('--a----|')).toBe('--a--b-|');
      expectObservable(cold('--a--bc|')).toBe('--a--b-|');
      expectObservable(cold('--a--b')).toBe('--a--b-|');
      expectObservable(NEVER).toBe('--a');
      expectObservable(of(1)).toBe('');
      expectObservable(of('fine')).toBe('(f|)', { f: 'fine' });
    });
    expect(withoutPlaces(error.message)).toMatchInlineSnapshot(`
     "7 of 8 expectations differ from their marbles (${ERRORS_PAGE}#marblemismatcherror)

     1. expectObservable: differs from its marbles at 5ms, PLACE

       expected  --a--b-|
       actual    --a---b|
                      ^ 5ms: expected b, found nothing until b at 6ms

     2. expectObservable: differs from its marbles at 4ms, PLACE

       expected  --a--b-|
       actual    --a-b--|
                     ^ 4ms: expected nothing until b at 5ms, found b

     3. expectObservable: differs from its marbles at 5ms, PLACE

       expected  --a--b-|
       actual    --a----|
                      ^ 5ms: expected b, found nothing until completion at 7ms

     4. expectObservable: differs from its marbles at 6ms, PLACE

       expected  --a--b-|
       actual    --a--bc|
                       ^ 6ms: expected nothing until completion at 7ms, found c

     5. expectObservable: differs from its marbles at 7ms, PLACE

       expected  --a--b-|
       actual    --a--b
                        ^ 7ms: expected completion, found nothing

     6. expectObservable: differs from its marbles at 2ms, PLACE

       expected  --a
       actual    (nothing)
                   ^ 2ms: expected a, found nothing

     7. expectObservable: differs from its marbles at 0ms, PLACE

       expected  (nothing)
       actual    (a|)
                  ^ 0ms: expected nothing, found a

       a = 1"
    `);
  });

  test('long silence is written as time, in the same columns', () => {
    const error = failureOf(({ cold, expectObservable }) =>
      expectObservable(cold('a 99ms b 2s (cd|)')).toBe('a 99ms b 2s (cx|)'),
    );
    expect(error.message).toMatchInlineSnapshot(`
     "expectObservable: differs from its marbles at 2101ms (${ERRORS_PAGE}#marblemismatcherror)

       expected  a 99ms b 2s (cx|)
       actual    a 99ms b 2s (cd|)
                               ^ 2101ms: expected x, found d"
    `);
  });

  test('groups keep the alignment; diagrams that RxJS cannot write are marked as such', () => {
    const error = failureOf(({ cold, expectObservable }) =>
      expectObservable(merge(cold('--(abc)'), cold('---d----e'))).toBe('--a-----e'),
    );
    expect(error.message).toMatchInlineSnapshot(`
     "expectObservable: differs from its marbles at 2ms (${ERRORS_PAGE}#marblemismatcherror)

       expected  --a    -----e
       actual    --(abc)d----e
                     ^ 2ms: expected nothing until e at 8ms, found b

       A group \`(ab)\` takes as many milliseconds as it has characters; signs that came earlier are drawn after it."
    `);
  });

  test('errors: the actual one is shown, and is the cause', () => {
    const cause = new TypeError('tick has no price');
    const error = failureOf(({ cold, expectObservable }) =>
      expectObservable(cold('-a-#', undefined, cause)).toBe('-a-b'),
    );
    expect(error.message).toMatchInlineSnapshot(`
     "expectObservable: differs from its marbles at 3ms (${ERRORS_PAGE}#marblemismatcherror)

       expected  -a-b
       actual    -a-#
                    ^ 3ms: expected b, found an error

       # found = TypeError: tick has no price"
    `);
    expect(error.cause).toBe(cause);
  });

  test('two errors that differ', () => {
    const error = failureOf(({ cold, expectObservable }) => {
      const found = Object.assign(new TypeError('boo'), { code: 7 });
      expectObservable(cold('-#', undefined, found)).toBe(
        '-#',
        undefined,
        Object.assign(new TypeError('boo'), { code: 8 }),
      );
    });
    expect(error.message).toMatchInlineSnapshot(`
     "expectObservable: differs from its marbles at 1ms (${ERRORS_PAGE}#marblemismatcherror)

       expected  -#
       actual    -#
                  ^ 1ms: expected one error, found another

       # expected = TypeError: boo {"code":8}
       # found = TypeError: boo {"code":7}
       differs at .code: expected 8, found 7"
    `);
  });

  test('subscriptions: one, several, none', () => {
    const error = failureOf(({ cold, expectObservable, expectSubscriptions }) => {
      const once = cold('a----|');
      const twice = cold('--a|');
      expectObservable(once, '^---!').toBe('a');
      expectObservable(concat(twice, twice)).toBe('--a--a|');
      expectSubscriptions(once.subscriptions).toBe('^----!');
      expectSubscriptions(twice.subscriptions).toBe(['^--!', '---^-!']);
      expectSubscriptions(twice.subscriptions).toBe([]);
    });
    expect(withoutPlaces(error.message)).toMatchInlineSnapshot(`
     "3 of 5 expectations differ from their marbles (${ERRORS_PAGE}#marblemismatcherror)

     1. expectSubscriptions: differs from its marbles at 4ms, PLACE

       expected  ^----!
       actual    ^---!
                     ^ 4ms: expected nothing until ! at 5ms, found !

     2. expectSubscriptions: differs from its marbles at 5ms, PLACE

       subscription 1           ^--!
       subscription 2 expected  ---^-!
       subscription 2 actual    ---^--!
                                     ^ 5ms: expected !, found nothing until ! at 6ms

     3. expectSubscriptions: differs from its marbles at 0ms, PLACE

       subscription 1 expected  (nothing)
       subscription 1 actual    ^--!
                                ^ 0ms: expected nothing, found ^
       subscription 2 expected  (nothing)
       subscription 2 actual    ---^--!"
    `);
  });

  test('values with the same JSON are distinguished', () => {
    const error = failureOf(({ cold, expectObservable }) =>
      expectObservable(cold('-a', { a: { price: NaN, size: 1n } })).toBe('-b', { b: { price: null, size: 1n } }),
    );
    expect(error.message).toMatchInlineSnapshot(`
     "expectObservable: differs from its marbles at 1ms (${ERRORS_PAGE}#marblemismatcherror)

       expected  -b
       actual    -a
                  ^ 1ms: expected b, found a

       b = {"price":null,"size":1n}
       a = {"price":NaN,"size":1n}
       differs at .price: expected null, found NaN"
    `);
  });

  test('toEqual, and streams of streams', () => {
    const error = failureOf(({ cold, expectObservable }) => {
      expectObservable(cold('-a', { a: { n: 1 } })).toEqual(cold('-b', { b: { n: 2 } }));
      expectObservable(of(cold('-x|'))).toBe('(i|)', { i: cold('--x|') });
    });
    expect(withoutPlaces(error.message)).toMatchInlineSnapshot(`
     "2 of 2 expectations differ from their marbles (${ERRORS_PAGE}#marblemismatcherror)

     1. expectObservable: differs from its marbles at 1ms, PLACE

       expected  -a
       actual    -b
                  ^ 1ms: expected a, found b

       a = {"n":2}
       b = {"n":1}
       differs at .n: expected 2, found 1

     2. expectObservable: differs from its marbles at 0ms, PLACE

       expected  (i|)
       actual    (a|)
                  ^ 0ms: expected i, found a

       i = stream [2ms "x", 3ms |]
       a = stream [1ms "x", 2ms |]
       differs at [0].frame: expected 2, found 1"
    `);
  });

  test('an expectation without toBe or toEqual fails', () => {
    const error = failureOf(({ cold, expectObservable }) => {
      expectObservable(cold('-a'));
    });
    expect(error.message).toMatchInlineSnapshot(`
     "expectObservable: asserts nothing (${ERRORS_PAGE}#marblemismatcherror)

       Say what is expected with toBe(…)."
    `);
  });

  test('a test that returns a Promise fails, and says why', () => {
    const asyncTest: () => unknown = () => Promise.reject(new Error('nobody sees it'));
    expect(() => runMarbles(asyncTest)).toThrow(/runMarbles: the test returned a Promise/);
  });

  test('flush in the middle of a test fails there', () => {
    let after = false;
    failureOf(({ cold, expectObservable, flush }) => {
      expectObservable(cold('-a')).toBe('-b');
      flush();
      after = true;
    });
    expect(after).toBe(false);
  });

  test('every diagram that was drawn can be pasted back', () => {
    const error = failureOf(({ cold, expectObservable }) =>
      expectObservable(cold('a-(bc)- 40ms d----(e|)')).toBe('a-(bx)- 40ms d----(e|)'),
    );
    runMarbles(({ cold, expectObservable }) => {
      expectObservable(cold('a-(bc)- 40ms d----(e|)')).toBe(error.actual);
      expectObservable(cold('a-(bx)- 40ms d----(e|)')).toBe(error.expected);
    });
  });
});

/** The place of an expectation, without the machine's part. */
const withoutPlaces = (message: string): string => message.replace(/, \S+:\d+:\d+$/gm, ', PLACE');
