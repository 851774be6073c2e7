import { describe, expect, test } from '@jest/globals';
import { BehaviorSubject, Subject } from 'rxjs';
import { fromPull } from '../../lib/flow/pull/fromPull.js';

/** An async iterable that answers when the test says so. */
const byHand = (closing: () => Promise<IteratorResult<number>> = () => Promise.resolve({ value: 0, done: true })) => {
  const asked: { answer: (result: IteratorResult<number>) => void; fail: (error: unknown) => void }[] = [];
  const log = { closed: 0 };
  const open = (): AsyncIterable<number> => ({
    [Symbol.asyncIterator]: () => ({
      next: () =>
        new Promise((answer, fail) => {
          asked.push({ answer, fail });
        }),
      return: () => {
        log.closed++;
        return closing();
      },
    }),
  });
  return { asked, log, open };
};
const later = () => new Promise(resolve => setImmediate(resolve));
const heard = () => {
  const seen: unknown[] = [];
  return {
    seen,
    observer: {
      next: (n: number) => void seen.push(n),
      error: (error: unknown) => void seen.push(error),
      complete: () => void seen.push('complete'),
    },
  };
};

describe('B12 fromPull of an async iterable', () => {
  test('an iterator that has ended by itself is not closed; one that is left is closed, once', async () => {
    for (const end of ['complete', 'error', 'left'] as const) {
      const { asked, log, open } = byHand();
      const { seen, observer } = heard();
      const subscription = fromPull(open).subscribe(observer);
      asked[0]?.answer({ value: 1 });
      await later();
      if (end === 'complete') asked[1]?.answer({ value: 9, done: true });
      if (end === 'error') asked[1]?.fail('broken');
      await later();
      subscription.unsubscribe();
      subscription.unsubscribe();
      expect([seen, log.closed]).toEqual(
        {
          complete: [[1, 'complete'], 0],
          error: [[1, 'broken'], 0],
          left: [[1], 1],
        }[end],
      );
      expect(asked.length).toBe(2);
    }
  });

  test('a late answer after unsubscribing is ignored, and nothing more is asked for', async () => {
    const { asked, open } = byHand();
    const { seen, observer } = heard();
    const pause$ = new Subject<boolean>();
    const subscription = fromPull(open, { pause$ }).subscribe(observer);
    subscription.unsubscribe();
    asked[0]?.answer({ value: 1 });
    await later();
    pause$.next(true);
    pause$.next(false);
    expect([seen, asked.length, pause$.observed]).toEqual([[], 1, false]);
  });

  test('toggling pause$ requests no second value while one is pending, or inside next', async () => {
    const { asked, open } = byHand();
    const pause$ = new BehaviorSubject(false);
    const seen: [number, number][] = [];
    const toggle = () => {
      pause$.next(true);
      pause$.next(false);
    };
    fromPull(open, { pause$ }).subscribe(n => {
      seen.push([n, asked.length]);
      toggle();
      expect(asked.length).toBe(n);
    });
    toggle();
    expect(asked.length).toBe(1);
    asked[0]?.answer({ value: 1 });
    await later();
    asked[1]?.answer({ value: 2 });
    await later();
    expect(seen).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(asked.length).toBe(3);
  });

  test('completion during a pause is emitted immediately, and so is an error', async () => {
    for (const ends of [true, false]) {
      const { asked, open } = byHand();
      const { seen, observer } = heard();
      fromPull(open, { pause$: new BehaviorSubject(false) }).subscribe(observer);
      const [first] = asked;
      if (ends) first?.answer({ value: 0, done: true });
      else first?.fail('broken');
      await later();
      expect(seen).toEqual([ends ? 'complete' : 'broken']);
    }
  });

  test('nothing is opened if pause$ fails immediately', () => {
    const { asked, open } = byHand();
    const pause$ = new Subject<boolean>();
    pause$.error('broken');
    const { seen, observer } = heard();
    fromPull(open, { pause$ }).subscribe(observer);
    expect([seen, asked.length]).toEqual([['broken'], 0]);
  });
});

describe('B12 fromPull of an iterable', () => {
  const iterator = (values: number[], log: string[]) => ({
    next: (): IteratorResult<number> => {
      log.push('next');
      const value = values.shift();
      return value === undefined ? { done: true, value: 0 } : { value };
    },
    return: (): IteratorResult<number> => {
      log.push('return');
      return { done: true, value: 0 };
    },
  });

  test('one that has ended, or failed, is not closed', () => {
    const log: string[] = [];
    const { seen, observer } = heard();
    fromPull(() => ({ [Symbol.iterator]: () => iterator([1], log) }))
      .subscribe(observer)
      .unsubscribe();
    expect([log, seen]).toEqual([
      ['next', 'next'],
      [1, 'complete'],
    ]);
    const failing = () => ({
      ...iterator([], log),
      next: () => {
        throw new Error('broken');
      },
    });
    log.length = 0;
    fromPull(() => ({ [Symbol.iterator]: failing })).subscribe(observer);
    expect(log).toEqual([]);
  });

  test('unsubscribing during a pause closes it immediately, once', () => {
    const log: string[] = [];
    const pause$ = new BehaviorSubject(true);
    const subscription = fromPull(() => ({ [Symbol.iterator]: () => iterator([1], log) }), { pause$ }).subscribe();
    expect(log).toEqual([]);
    subscription.unsubscribe();
    pause$.next(false);
    expect(log).toEqual(['return']);
  });

  test('an iterator without return() can be left, too', () => {
    const { next } = iterator([1, 2], []);
    const subscription = fromPull(() => ({ [Symbol.iterator]: () => ({ next }) }), {
      pause$: new BehaviorSubject(true),
    }).subscribe();
    expect(() => subscription.unsubscribe()).not.toThrow();
  });
});
