import { describe, expect, test } from '@jest/globals';
import { throwError, type Observable } from 'rxjs';
import { runMarbles } from 'rx-event-broker/testing';
import { failureOf } from '../failureOf.js';

const FALSY = [undefined, null, 0, '', false, NaN];

/** What a stream ends with, put in a list so that nothing is told from `undefined`. */
const endsOf = (stream$: Observable<unknown> | PromiseLike<unknown>): unknown[] => {
  const ends: unknown[] = [];
  const take = (error: unknown) => void ends.push(error);
  if ('subscribe' in stream$) stream$.subscribe({ error: take });
  else stream$.then(undefined, take);
  return ends;
};

describe('B14 runMarbles: errors that are falsy are errors', () => {
  test.each(FALSY)('%p can be expected', error => {
    runMarbles(({ expectObservable }) => expectObservable(throwError(() => error)).toBe('#', undefined, error));
    expect(
      failureOf(({ expectObservable }) => expectObservable(throwError(() => 'error')).toBe('#', undefined, error))
        .message,
    ).toContain('# found = "error"');
    expect(failureOf(({ expectObservable }) => expectObservable(throwError(() => error)).toBe('#')).message).toContain(
      '# expected = "error"',
    );
  });

  test.each(FALSY)('%p can be thrown by each kind of diagram', error => {
    runMarbles(({ cold, hot, pausableCold, promised, level, requiredProbe, flush }) => {
      const seen = [
        endsOf(cold('--#', undefined, error)),
        endsOf(hot('--#', undefined, error)),
        endsOf(pausableCold('--#', undefined, error)(level(''))),
        endsOf(promised('--#', undefined, error)),
        endsOf(level('--#', error)),
        endsOf(requiredProbe('--#', { error }).next(1) as Observable<string>),
      ];
      flush();
      expect(seen).toEqual(seen.map(() => [error]));
    });
  });

  test('without a given error it is the text error, as in RxJS', () => {
    runMarbles(({ cold, hot, pausableCold, promised, level, requiredProbe, expectObservable, flush }) => {
      expectObservable(throwError(() => 'error')).toBe('#');
      const seen = [
        endsOf(cold('#')),
        endsOf(hot('#')),
        endsOf(pausableCold('#', {})(level(''))),
        endsOf(promised('#')),
        endsOf(level('#')),
        endsOf(requiredProbe('#').next(1) as Observable<string>),
      ];
      flush();
      expect(seen).toEqual(seen.map(() => ['error']));
    });
  });
});

describe('E5 the message of a failure', () => {
  test('exists for a value that throws when it is inspected', () => {
    const value = {
      get n(): number {
        throw new Error('broken');
      },
    };
    const { name, message } = failureOf(({ cold, expectObservable }) =>
      expectObservable(cold('a', { a: value })).toBe('-a', { a: 1 }),
    );
    expect([name, message]).toEqual(['MarbleMismatchError', expect.stringContaining('{"n":…}')]);
  });

  test('has no control characters of a value', () => {
    const { message } = failureOf(({ cold, expectObservable }) =>
      expectObservable(cold('a', { a: '\u009b2J\u2028' })).toBe('a', { a: new Error('x\n\u001b[2J') }),
    );
    expect(message).toContain('\\u009b2J\\u2028');
    expect(message).toContain('Error: x\\n\\u001b[2J');
  });

  test('says nothing if one side has nothing, and undefined if it has undefined', () => {
    const message = (a: unknown, b: unknown) =>
      failureOf(({ cold, expectObservable }) => expectObservable(cold('a', { a })).toBe('a', { a: b })).message;
    expect(message({ n: undefined }, {})).toContain('differs at .n: expected nothing, found undefined');
    expect(message({}, { n: undefined })).toContain('differs at .n: expected undefined, found nothing');
    expect(message([1, undefined], [1])).toContain('differs at [1]: expected nothing, found undefined');
    expect(message([1], [1, undefined])).toContain('differs at [1]: expected undefined, found nothing');
  });
});
