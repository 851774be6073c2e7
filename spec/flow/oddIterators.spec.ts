import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Readable } from 'node:stream';
import { BehaviorSubject, lastValueFrom, NEVER, of, Subscriber, take, toArray, type Observable } from 'rxjs';
import { fromPull } from '../../lib/flow/pull/fromPull.js';

const broken = new Error('broken');
const fails = (): never => {
  throw broken;
};
const rounds = async () => {
  for (let n = 0; n < 3; n++) await new Promise(resolve => setImmediate(resolve));
};

/** What a stream says; errors by their message. */
const watch = (source$: Observable<unknown>) => {
  const seen: unknown[] = [];
  const subscription = source$.subscribe({
    next: value => seen.push(value),
    error: (error: unknown) =>
      seen.push(error === broken ? 'broken' : (error as Error).message.replace(/ \(\S+errors\.md#.*/, '')),
    complete: () => seen.push('complete'),
  });
  return { seen, subscription };
};

/** An iterable by hand: its first result is 1, those after it what `next` gives, which gets their number. */
const odd = (kind: 'sync' | 'async', next: (n: number) => unknown, more: object = {}): (() => Iterable<number>) => {
  let asked = 0;
  const first = { done: false, value: 1 };
  const iterator = { next: () => (asked++ > 0 ? next(asked) : kind === 'sync' ? first : Promise.resolve(first)) };
  const symbol = kind === 'sync' ? Symbol.iterator : Symbol.asyncIterator;
  return () => ({ [symbol]: () => Object.assign(iterator, more) }) as unknown as Iterable<number>;
};
const thenable = (call: (settle: (result: unknown) => void) => void) => ({ then: call });
const silent = () => new Promise(() => undefined);

let written: jest.SpiedFunction<typeof console.error>;
const unhandled: unknown[] = [];
const onUnhandled = (error: unknown) => void unhandled.push(error);
beforeEach(() => {
  written = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  unhandled.length = 0;
  process.on('unhandledRejection', onUnhandled);
});
afterEach(async () => {
  await rounds();
  process.off('unhandledRejection', onUnhandled);
  written.mockRestore();
  expect(unhandled).toEqual([]);
});

const given = (what: string): string =>
  `open: expected an iterable whose next() returns { done, value }, found ${what}`;

describe('O4a fromPull takes iterators as for await does', () => {
  test.each<[string, (n: number) => unknown, readonly unknown[]]>([
    ['throws', fails, [1, 'broken']],
    ['rejects', () => Promise.reject(broken), [1, 'broken']],
    ['gives a thenable', () => thenable(settle => settle({ done: true })), [1, 'complete']],
    ['gives a thenable that throws', () => thenable(fails), [1, 'broken']],
    [
      'gives a thenable that settles, and then throws',
      () =>
        thenable(settle => {
          settle({ done: true });
          fails();
        }),
      [1, 'complete'],
    ],
    [
      'gives a function that has done and value',
      n => Promise.resolve(Object.assign(() => 0, n === 2 ? { value: 2 } : { done: true })),
      [1, 2, 'complete'],
    ],
    ['gives a Promise of nothing', () => Promise.resolve(), [1, given('undefined')]],
    ['gives a Promise of a number', () => Promise.resolve(7), [1, given('7')]],
    [
      'gives no Promise',
      () => ({ done: false, value: 2 }),
      [1, 'open: expected an async iterable whose next() returns a Promise, found {"done":false,"value":2}'],
    ],
    [
      'gives a done that throws',
      () => Promise.resolve(Object.defineProperty({}, 'done', { get: fails })),
      [1, 'broken'],
    ],
    [
      'gives a value that throws',
      () => Promise.resolve(Object.defineProperty({ done: false }, 'value', { get: fails })),
      [1, 'broken'],
    ],
    ['gives a done that is truthy', () => Promise.resolve({ done: 1, value: 2 }), [1, 'complete']],
  ])('an async next() that %s', async (_, next, expected) => {
    let closed = 0;
    const { seen } = watch(fromPull(odd('async', next, { return: () => closed++ })));
    await rounds();
    expect([seen, closed]).toEqual([expected, 0]);
  });

  test.each<[string, () => unknown, readonly unknown[]]>([
    ['throws', fails, [1, 'broken']],
    ['gives a number', () => 7, [1, given('7')]],
    ['gives null', () => null, [1, given('null')]],
    ['gives a done that throws', () => Object.defineProperty({}, 'done', { get: fails }), [1, 'broken']],
    ['gives a value that throws', () => Object.defineProperty({}, 'value', { get: fails }), [1, 'broken']],
    ['gives a done that is truthy', () => ({ done: 1, value: 2 }), [1, 'complete']],
  ])('a next() that %s', (_, next, expected) => {
    let closed = 0;
    expect([watch(fromPull(odd('sync', next, { return: () => closed++ }))).seen, closed]).toEqual([expected, 0]);
  });

  test('O4b O4c a next() that throws at the end of a pause is an error of the stream, not of the code that ends the pause', async () => {
    for (const kind of ['sync', 'async'] as const) {
      const pause$ = new BehaviorSubject(false);
      const { seen } = watch(fromPull(odd(kind, fails), { pause$ }));
      pause$.next(true);
      await rounds();
      pause$.next(false);
      expect(seen).toEqual([1, 'broken']);
    }
  });

  test.each<[string, object, number]>([
    ['throws', { return: fails }, 1],
    ['rejects', { return: () => Promise.reject(broken) }, 1],
    ['gives a thenable that throws', { return: () => thenable(fails) }, 1],
    [
      'cannot be asked for',
      {
        get return(): never {
          return fails();
        },
      },
      1,
    ],
    ['gives no Promise', { return: () => ({ done: true }) }, 0],
    ['gives nothing', { return: () => undefined }, 0],
    ['is null', { return: null }, 0],
    ['is not there', {}, 0],
  ])('a return() that %s throws at nobody who unsubscribes', async (_, more, times) => {
    for (const kind of ['sync', 'async'] as const) {
      const iterator = Object.create(more, { next: { value: silent } }) as object;
      const symbol = kind === 'sync' ? Symbol.iterator : Symbol.asyncIterator;
      const open = () => ({ [symbol]: () => iterator }) as unknown as Iterable<number>;
      const { seen, subscription } = watch(fromPull(open, { pause$: of(kind === 'sync') }));
      subscription.unsubscribe();
      await rounds();
      expect([seen, subscription.closed, written.mock.calls.length]).toEqual([[], true, times]);
      expect(written.mock.calls.flat()).toEqual(
        times === 0 ? [] : ['rx-event-broker: fromPull: an iterator failed to close', broken],
      );
      written.mockClear();
    }
  });

  test.each<[string, () => unknown, string]>([
    ['gives nothing', () => undefined, 'open: expected a function that returns an iterable, found undefined'],
    ['gives a number', () => 5, 'open: expected a function that returns an iterable, found 5'],
    ['gives what cannot be iterated', () => ({ [Symbol.asyncIterator]: fails }), 'broken'],
    [
      'gives what has no iterator',
      () => ({ [Symbol.asyncIterator]: () => 3 }),
      'open: expected a function that returns an iterable whose iterator is an object, found 3',
    ],
    [
      'gives what throws when it is looked at',
      () => Object.defineProperty({}, Symbol.asyncIterator, { get: fails }),
      'broken',
    ],
  ])('an open() that %s', (_, open, message) => {
    expect(watch(fromPull(open as never)).seen).toEqual([message]);
  });

  test('a method that is null counts as missing', () => {
    const iterable = Object.assign([1, 2], { [Symbol.asyncIterator]: null }) as unknown as Iterable<number>;
    expect(watch(fromPull(() => iterable)).seen).toEqual([1, 2, 'complete']);
  });

  test('a consumer that throws closes the iterator, and gets its own error', async () => {
    for (const kind of ['sync', 'async'] as const) {
      const ends: unknown[] = [];
      // RxJS guards the handlers of an observer, and not those of one of its own
      // eslint-disable-next-line @typescript-eslint/no-deprecated
      const consumer = new Subscriber<number>({
        next: fails,
        error: (error: unknown) => ends.push(error),
        complete: () => undefined,
      });
      fromPull(odd(kind, silent, { return: () => ends.push('closed') })).subscribe(consumer);
      await rounds();
      expect(ends).toEqual([broken, 'closed']);
    }
  });

  test('O4d values that are already available do not keep timers from running', async () => {
    const endless = async function* () {
      for (let n = 0; n < 3_000_000; n++) yield await Promise.resolve(n);
    };
    const { seen, subscription } = watch(fromPull(endless));
    await new Promise(resolve => setTimeout(resolve));
    subscription.unsubscribe();
    expect(seen.at(-1)).not.toBe('complete');
    expect(seen.length).toBeGreaterThan(0);
  });

  test('invalid options are its error', () => {
    const open = () => [1];
    expect(watch(fromPull(open, { paused$: NEVER } as never)).seen).toEqual([
      expect.stringMatching(/^paused\$: expected pause\$; fromPull has no option of this name/),
    ]);
    expect(watch(fromPull(open, { pause$: true } as never)).seen).toEqual([
      'pause$: expected an Observable, found true',
    ]);
    expect(watch(fromPull(open, null as never)).seen).toEqual(['fromPull: expected an object of options, found null']);
  });
});

describe('O4a fromPull of a Node stream', () => {
  const stream = () => {
    const made = new Readable({ objectMode: true, read: () => undefined });
    return { made, open: () => made };
  };

  test('O4b O4c a stream that fails while its consumer is full, before it was read, ends the Observable and not the process', async () => {
    const { made, open } = stream();
    const { seen } = watch(fromPull(open, { pause$: new BehaviorSubject(true) }));
    made.destroy(broken);
    await rounds();
    expect(seen).toEqual(['broken']);
  });

  test('a value that had arrived comes before the error', async () => {
    const { made, open } = stream();
    const pause$ = new BehaviorSubject(false);
    const { seen } = watch(fromPull(open, { pause$ }));
    pause$.next(true);
    made.push(1);
    await rounds();
    made.destroy(broken);
    await rounds();
    expect(seen).toEqual([]);
    pause$.next(false);
    await rounds();
    expect(seen).toEqual([1, 'broken']);
  });

  test('a stream that is left is destroyed, read or not, and may fail after that', async () => {
    for (const paused of [true, false]) {
      const { made, open } = stream();
      const { seen, subscription } = watch(fromPull(open, { pause$: of(paused) }));
      subscription.unsubscribe();
      made.push(1);
      await rounds();
      made.emit('error', broken);
      expect([made.destroyed, seen]).toEqual([true, []]);
    }
    expect(await lastValueFrom(fromPull(() => Readable.from([1, 2, 3])).pipe(take(2), toArray()))).toEqual([1, 2]);
  });
});
