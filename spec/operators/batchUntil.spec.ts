import { describe, expect, test } from '@jest/globals';
import { catchError, from, map, of, range, lastValueFrom, toArray } from 'rxjs';
import { batchUntil } from '../../lib/operators/batchUntil.js';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

const values = { a: { type: 'A' }, b: { type: 'B' }, t: { type: 'T' } };
const letters = map((batch: readonly { readonly type: string }[]) => batch.map(({ type }) => type).join(''));

describe('B17 batchUntil', () => {
  test('B17a B17b B17c emits the collected events at each event of the type, which is the last of its batch', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('a-b-t-a-t-t-b-|', values);
      expectObservable(source$.pipe(batchUntil('T'), letters)).toBe('----x---y-z---(r|)', {
        x: 'ABT',
        y: 'AT',
        z: 'T',
        r: 'B',
      });
      expectSubscriptions(source$.subscriptions).toBe('^-------------!');
    });
  });

  test('B17c an error passes, and completion with nothing collected emits nothing', () => {
    runMarbles(({ cold, expectObservable }) => {
      expectObservable(cold('a-#', values).pipe(batchUntil('T'), letters)).toBe('--#');
      expectObservable(cold('a-t-|', values).pipe(batchUntil('T'), letters)).toBe('--x-|', { x: 'AT' });
    });
  });

  test('B17d errors as soon as maxSize is passed', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('abt-aab-t', values);
      const batches$ = source$.pipe(
        batchUntil('T', { maxSize: 3 }),
        letters,
        catchError((error: Error) => of(error.message)),
      );
      expectObservable(batches$).toBe('--x-----(e|)', {
        x: 'ABT',
        e: `batchUntil: expected a T within 3 events, found none (${ERRORS_PAGE}#batchtoolargeerror)`,
      });
      expectSubscriptions(source$.subscriptions).toBe('^-------!');
    });
  });

  test('B17d its bound is 100,000 by default', async () => {
    const many$ = (count: number) => range(0, count).pipe(map(() => ({ type: 'A' })));
    expect((await lastValueFrom(many$(100_000).pipe(batchUntil('T'), toArray())))[0]?.length).toBe(100_000);
    await expect(lastValueFrom(many$(100_001).pipe(batchUntil('T')))).rejects.toMatchObject({
      name: 'BatchTooLargeError',
      maxSize: 100_000,
    });
    expect(() => batchUntil('T', { maxSize: 0 })).toThrow(
      `maxSize: expected a whole number, 1 or more, found 0 (${ERRORS_PAGE}#optionerror)`,
    );
  });

  test('an event whose type cannot be read ends the stream with that error', () => {
    const broken = new Error('broken');
    const event = {
      get type(): string {
        throw broken;
      },
    };
    const seen: unknown[] = [];
    const observer = { next: (batch: unknown) => seen.push(batch), error: (error: unknown) => seen.push(error) };
    of(event).pipe(batchUntil('T')).subscribe(observer);
    from<{ type: string }[]>([undefined as never])
      .pipe(batchUntil('T'))
      .subscribe(observer);
    expect(seen).toEqual([broken, expect.any(TypeError)]);
  });
});
