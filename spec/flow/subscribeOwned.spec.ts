import { describe, expect, test } from '@jest/globals';
import { defer, from, Observable, of, Subject, Subscription, throwError } from 'rxjs';
import { anyTrue } from '../../lib/flow/level/anyTrue.js';
import { subscribeOwned } from '../../lib/flow/subscribeOwned.js';
import { followLevel } from '../../lib/flow/level/followLevel.js';
import { serialize } from '../../lib/flow/serialize.js';
import { openSource } from '../../lib/flow/contract/Source.js';
import { thrownBy } from './helpers.js';
import { noSettlement } from '../../lib/flow/settlement/noSettlement.js';

const heard = () => {
  const seen: unknown[] = [];
  return {
    seen,
    observer: {
      next: (value: unknown) => void seen.push(value),
      error: (error: unknown) => void seen.push(error),
      complete: () => void seen.push('complete'),
    },
  };
};

describe('a source is followed for as long as its owner lives', () => {
  test('values, completion and error are passed on', () => {
    const { seen, observer } = heard();
    subscribeOwned(new Subscription(), of(1, 2), observer);
    subscribeOwned(
      new Subscription(),
      throwError(() => 'broken'),
      observer,
    );
    expect(seen).toEqual([1, 2, 'complete', 'broken']);
  });

  test('an owner that leaves inside a value is unsubscribed immediately, and gets no completion', () => {
    const { seen, observer } = heard();
    const owner = new Subscription();
    let emitted = 0;
    const firehose$ = new Observable<number>(subscriber => {
      for (; emitted < 1000 && !subscriber.closed; emitted++) subscriber.next(emitted);
      subscriber.complete();
    });
    subscribeOwned(owner, firehose$, {
      ...observer,
      next: n => {
        seen.push(n);
        if (n === 2) owner.unsubscribe();
      },
    });
    expect([seen, emitted]).toEqual([[0, 1, 2], 3]);
  });

  test('an owner that leaves later unsubscribes from its source', () => {
    const { seen, observer } = heard();
    const owner = new Subscription();
    const source$ = new Subject<number>();
    subscribeOwned(owner, source$, observer);
    source$.next(1);
    owner.unsubscribe();
    source$.next(2);
    expect([seen, source$.observed]).toEqual([[1], false]);
  });
});

describe('a source of another library', () => {
  test('is unsubscribed from when its owner leaves', () => {
    const { seen, observer } = heard();
    const log: string[] = [];
    const foreign = {
      subscribe: (to: { readonly next: (value: number) => void }) => {
        to.next(1);
        return { unsubscribe: () => log.push('left') };
      },
    } as unknown as Observable<number>;
    const owner = new Subscription();
    subscribeOwned(owner, foreign, observer);
    expect([seen, log]).toEqual([[1], []]);
    owner.unsubscribe();
    expect(log).toEqual(['left']);
  });

  test('a value that is not a source, or a function that returns none, is an OptionError', () => {
    const found = (source: unknown) =>
      (thrownBy(() => openSource(source as never, of(false), noSettlement('a test'))) as Error).message;
    expect(found({ subscribe: () => undefined })).toMatch(/^source: expected an Observable or a function of pause\$, /);
    expect(found(() => undefined)).toMatch(
      /^source: expected a function of pause\$ that returns an Observable, found undefined/,
    );
  });
});

describe('B5 a level', () => {
  test('other values than true and false count as truthy or falsy', () => {
    const levels: boolean[] = [];
    followLevel(
      from([1, 2, 'yes', 0, null, {}]) as Observable<never>,
      level => levels.push(level),
      () => undefined,
    );
    expect(levels).toEqual([true, false, true]);
  });
});

describe('a source whose owner has left', () => {
  test('is not opened', () => {
    const { seen, observer } = heard();
    const owner = new Subscription();
    owner.unsubscribe();
    let opened = 0;
    subscribeOwned(
      owner,
      defer(() => of(++opened)),
      observer,
    );
    expect([seen, opened]).toEqual([[], 0]);
  });
});

describe('a level of several', () => {
  test('is false once it has ended, for current and later listeners', () => {
    const level = anyTrue();
    const early = heard();
    const late = heard();
    level.level$.subscribe(early.observer);
    level.raise();
    level.end();
    level.level$.subscribe(late.observer);
    expect(early.seen).toEqual([false, true, false, 'complete']);
    expect(late.seen).toEqual([false, 'complete']);
    expect(level.value).toBe(false);
  });

  test('does not end before its end', () => {
    const level = anyTrue();
    const { seen, observer } = heard();
    level.raise();
    level.level$.subscribe(observer);
    expect(seen).toEqual([true]);
  });
});

test('B9 calls run one after the other, and the number of waiting ones is known', () => {
  const seen: number[][] = [];
  const take = serialize<number>(n => {
    if (n === 1) for (const next of [2, 3]) take(next);
    seen.push([n, take.waiting]);
  });
  take(1);
  take(4);
  expect(seen).toEqual([
    [1, 2],
    [2, 1],
    [3, 0],
    [4, 0],
  ]);
});
