import { describe, expect, test } from '@jest/globals';
import { PassThrough, Readable } from 'node:stream';
import { BehaviorSubject, lastValueFrom, toArray } from 'rxjs';
import { fromPull } from 'rx-event-broker';

const turns = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

describe('fromPull of a Promise', () => {
  test.each<[string, () => unknown]>([
    ['an iterable', () => [1, 2, 3]],
    ['an async iterable', () => Readable.from([1, 2, 3])],
  ])('O4e a Promise of %s is awaited', async (_, open) => {
    const opened = fromPull(async () => Promise.resolve(open() as Iterable<number>));
    expect(await lastValueFrom(opened.pipe(toArray()))).toEqual([1, 2, 3]);
    const thenable = { then: (resolve: (value: unknown) => void) => resolve(open()) };
    const started = fromPull(() => thenable as unknown as Iterable<number>);
    expect(await lastValueFrom(started.pipe(toArray()))).toEqual([1, 2, 3]);
  });

  test('O4e a Promise that is also an iterable is read as an iterable', async () => {
    const query = { then: () => expect(true).toBe(false), [Symbol.iterator]: () => [1][Symbol.iterator]() };
    expect(await lastValueFrom(fromPull(() => query).pipe(toArray()))).toEqual([1]);
  });

  test('O4b its rejection is the error, and so is a result that is not an iterable', async () => {
    const no = new Error('no');
    await expect(lastValueFrom(fromPull(() => Promise.reject(no)))).rejects.toBe(no);
    await expect(lastValueFrom(fromPull(async () => Promise.resolve(5 as never)))).rejects.toMatchObject({
      name: 'OptionError',
    });
  });

  test('O4e a pause that begins before it resolves holds', async () => {
    const pause$ = new BehaviorSubject(false);
    const seen: number[] = [];
    fromPull(async () => Promise.resolve([1, 2]), { pause$ }).subscribe(n => seen.push(n));
    pause$.next(true);
    await turns();
    expect(seen).toEqual([]);
    pause$.next(false);
    expect(seen).toEqual([1, 2]);
  });

  test('O4f an iterable that is opened after the consumer has left is closed', async () => {
    const stream = new PassThrough();
    let closed = 0;
    const iterable = {
      [Symbol.iterator]: () => ({ next: () => ({ done: true }), return: () => ({ closed: ++closed }) }),
    };
    for (const opened of [stream, iterable]) {
      fromPull(async () => Promise.resolve(opened as unknown as Iterable<number>))
        .subscribe()
        .unsubscribe();
    }
    await turns();
    expect([stream.destroyed, closed]).toEqual([true, 1]);
  });

  test('O4f its rejection after the consumer has left is ignored', async () => {
    fromPull(() => Promise.reject(new Error('late')))
      .subscribe()
      .unsubscribe();
    await turns();
    await new Promise(resolve => setImmediate(resolve));
  });
});
