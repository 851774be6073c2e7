import { describe, expect, test } from '@jest/globals';
import {
  catchError,
  EMPTY,
  from,
  lastValueFrom,
  map,
  of,
  range,
  ReplaySubject,
  timer,
  toArray,
  type Observable,
} from 'rxjs';
import type { Pausable } from '../../lib/flow/contract/Pausable.js';
import { backpressure } from '../../lib/operators/backpressure.js';
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

  test('K5a a source that asks for nothing, or only whether its consumer is at rest, gets its batches through', () => {
    for (const asks of [false, true])
      runMarbles(({ cold, expectObservable }) => {
        const levels: boolean[] = [];
        const source: Pausable<{ readonly type: string }> = (_, { atRest$ = EMPTY }) => {
          if (asks) atRest$.subscribe(level => levels.push(level));
          expect(levels).toEqual(asks ? [true] : []);
          return cold('at-b|', values);
        };
        const results$ = backpressure(batchUntil(source, 'T'), { required: true, project: batch => of(batch) });
        expectObservable(results$.pipe(letters)).toBe('-x--(y|)', { x: 'AT', y: 'B' });
      });
  });

  test('K1c K2f a source that completes before its events are settled hears of them, and of a failure', () => {
    runMarbles(({ cold, expectObservable }) => {
      const heard = (work: () => Observable<unknown>) => {
        const settled$ = new ReplaySubject<number>(Infinity);
        const source: Pausable<{ readonly type: string }> = (_, settlement) => {
          settlement.settled$.subscribe(settled$);
          return cold('atb|', values);
        };
        backpressure(batchUntil(source, 'T'), { required: true, project: work }).subscribe({ error: () => undefined });
        return settled$.pipe(map(n => `${n}`));
      };
      expectObservable(heard(() => timer(3))).toBe('0---2--3');
      expectObservable(heard(() => timer(1).pipe(map(() => Reflect.get(null as never, 'x'))))).toBe('0-|');
    });
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
