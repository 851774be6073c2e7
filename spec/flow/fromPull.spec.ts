import { describe, expect, test } from '@jest/globals';
import { BehaviorSubject, EMPTY, lastValueFrom, NEVER, of, Subject, take, throwError, toArray } from 'rxjs';
import { fromPull } from '../../lib/flow/pull/fromPull.js';

/** An iterable that records how often it was asked, and whether it was closed. */
const counted = (length: number) => {
  const log = { asked: 0, closed: 0, opened: 0 };
  const open = () => {
    log.opened++;
    return (function* () {
      try {
        for (let i = 0; i < length; i++) {
          log.asked++;
          yield i;
        }
      } finally {
        log.closed++;
      }
    })();
  };
  return { log, open };
};

const ticked = (length: number) => {
  const { log, open } = counted(length);
  const openAsync = async function* () {
    await Promise.resolve();
    yield* open();
  };
  return { log, open: openAsync };
};

describe('B12 fromPull, a source that can be paused', () => {
  test('is cold: each subscription opens the iterable again', async () => {
    const { log, open } = counted(3);
    const source$ = fromPull(open);
    expect(log.opened).toBe(0);
    expect(await lastValueFrom(source$.pipe(toArray()))).toEqual([0, 1, 2]);
    expect(await lastValueFrom(source$.pipe(toArray()))).toEqual([0, 1, 2]);
    expect(log).toEqual({ opened: 2, asked: 6, closed: 2 });
  });

  test('pulls nothing while paused, also when paused inside next', () => {
    const { log, open } = counted(10);
    const pause$ = new BehaviorSubject(false);
    const seen: number[] = [];
    fromPull(open, { pause$ }).subscribe(n => {
      seen.push(n);
      if (n === 2) pause$.next(true);
    });
    expect(seen).toEqual([0, 1, 2]);
    expect(log.asked).toBe(3);
    pause$.next(false);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('toggling inside next neither recurses nor reorders', () => {
    const pause$ = new BehaviorSubject(false);
    const seen: number[] = [];
    let depth = 0;
    let deepest = 0;
    fromPull(counted(50_000).open, { pause$ }).subscribe(n => {
      deepest = Math.max(deepest, ++depth);
      seen.push(n);
      pause$.next(true);
      pause$.next(false);
      depth--;
    });
    expect(seen.length).toBe(50_000);
    expect(seen.every((n, i) => n === i)).toBe(true);
    expect(deepest).toBe(1);
  });

  test('starts paused if pause$ is true at first', () => {
    const { log, open } = counted(2);
    fromPull(open, { pause$: of(true) }).subscribe();
    expect(log.asked).toBe(0);
  });

  test('without a level yet, or after completion, the last one stays', async () => {
    expect(await lastValueFrom(fromPull(counted(2).open, { pause$: NEVER }).pipe(toArray()))).toEqual([0, 1]);
    expect(await lastValueFrom(fromPull(counted(2).open, { pause$: EMPTY }).pipe(toArray()))).toEqual([0, 1]);
  });

  test('O4b errors of pause$, of open and of the iterator are its errors', async () => {
    const failure = new Error('no');
    await expect(lastValueFrom(fromPull(counted(2).open, { pause$: throwError(() => failure) }))).rejects.toBe(failure);
    const cannotOpen = () => {
      throw failure;
    };
    await expect(lastValueFrom(fromPull(cannotOpen))).rejects.toBe(failure);
    const fails = function* () {
      yield 1;
      throw failure;
    };
    await expect(lastValueFrom(fromPull(fails))).rejects.toBe(failure);
    const failsLater = async function* () {
      yield await Promise.resolve(1);
      throw failure;
    };
    await expect(lastValueFrom(fromPull(failsLater))).rejects.toBe(failure);
  });

  test('leaving early closes the iterator, once, also from inside next', () => {
    const { log, open } = counted(10);
    const seen: number[] = [];
    fromPull(open)
      .pipe(take(2))
      .subscribe(n => seen.push(n));
    expect(seen).toEqual([0, 1]);
    expect(log).toEqual({ opened: 1, asked: 2, closed: 1 });
  });

  test('a text is an iterable', async () => {
    expect(await lastValueFrom(fromPull(() => 'abc').pipe(toArray()))).toEqual(['a', 'b', 'c']);
  });

  test('it requests one value at a time from an async iterable', async () => {
    const { log, open } = ticked(5);
    expect(await lastValueFrom(fromPull(open).pipe(toArray()))).toEqual([0, 1, 2, 3, 4]);
    expect(log).toEqual({ opened: 1, asked: 5, closed: 1 });
  });

  test('an async value that arrives while paused waits for the end of the pause', async () => {
    const pause$ = new BehaviorSubject(false);
    const answers: ((result: IteratorResult<number>) => void)[] = [];
    const iterable: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(resolve => answers.push(resolve)) }),
    };
    const seen: number[] = [];
    const pulled$ = fromPull(() => iterable, { pause$ });
    pulled$.subscribe(n => seen.push(n));
    expect(answers.length).toBe(1);
    pause$.next(true);
    answers[0]?.({ value: 1, done: false });
    await Promise.resolve();
    expect(seen).toEqual([]);
    expect(answers.length).toBe(1);
    pause$.next(false);
    expect(seen).toEqual([1]);
    expect(answers.length).toBe(2);
  });

  test('a value that is not a function is an OptionError of the Observable', async () => {
    await expect(lastValueFrom(fromPull([1, 2] as never))).rejects.toMatchObject({
      name: 'OptionError',
      option: 'open',
    });
  });

  test('unsubscribing early closes an async iterator, and ignores everything it does later', async () => {
    const { log, open } = ticked(5);
    const stop$ = new Subject<void>();
    const seen: number[] = [];
    await lastValueFrom(fromPull(open).pipe(take(2), toArray())).then(all => seen.push(...all));
    stop$.complete();
    await Promise.resolve();
    expect(seen).toEqual([0, 1]);
    expect([log.asked, log.closed]).toEqual([2, 1]);
  });
});
