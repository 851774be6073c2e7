import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import {
  BehaviorSubject,
  bufferCount,
  concatMap,
  defer,
  filter,
  map,
  mergeMap,
  Observable,
  of,
  pairwise,
  Subject,
  throwError,
  NEVER,
} from 'rxjs';
import { batchUntil, fanOut, settledBy, type Given, type Pausable, type Settlement } from 'rx-event-broker';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** A consumer in plain words: it receives, and settles when it is told to. */
const consumer = () => {
  const settled$ = new BehaviorSubject(0);
  const settlement = {
    received: 0,
    get settled() {
      return settled$.value;
    },
    settled$,
  };
  return {
    settlement: settlement as Settlement & { received: number },
    settle: (n: number) => settled$.next(n),
    settled$,
  };
};

const setup = (
  through: (source$: Observable<number>) => Observable<unknown> = source$ => source$,
  options: Parameters<typeof settledBy>[3] = {},
) => {
  const { settlement, settle, settled$ } = consumer();
  const told: string[] = [];
  const received: unknown[] = [];
  const ends: unknown[] = [];
  let given: Given<string> | undefined;
  let next: (value: number) => void = () => undefined;
  const onValue: { call: (value: unknown) => void } = { call: () => undefined };
  const subscription = through(
    new Observable<number>(subscriber => {
      given = settledBy<string>(subscriber, settlement, token => void told.push(token), options);
      next = value => subscriber.next(value);
    }),
  ).subscribe({
    next: value => {
      settlement.received++;
      received.push(value);
      onValue.call(value);
    },
    error: ({ name }: Error) => ends.push(name),
    complete: () => ends.push('complete'),
  });
  const give = (token: string, ...values: number[]): void =>
    given?.(token, () => {
      for (const value of values) next(value);
    });
  return {
    give,
    settle,
    told,
    received,
    ends,
    onValue,
    subscription,
    settled$,
    complete: () => given?.complete(),
    given: () => given!,
  };
};

describe('K2 settledBy', () => {
  test('K2a reports the last settled token of a step, in the order in which tokens were given', () => {
    const { give, settle, told, given } = setup();
    give('a', 1);
    give('b', 2);
    give('c', 3);
    expect([told, given().unsettled]).toEqual([[], 3]);
    settle(2);
    expect([told, given().unsettled]).toEqual([['b'], 1]);
    settle(3);
    expect([told, given().unsettled]).toEqual([['b', 'c'], 0]);
  });

  test('K2a a value that is settled inside its emission is reported when that returns', () => {
    const { give, settle, told, onValue } = setup();
    onValue.call = value => settle(value as number);
    give('a', 1);
    give('b', 2);
    expect(told).toEqual(['a', 'b']);
  });

  test('K2b a filter drops, mergeMap multiplies', () => {
    const { give, settle, told } = setup(source$ =>
      source$.pipe(
        filter(n => n !== 2),
        mergeMap(n => of(n, n)),
      ),
    );
    give('a', 1);
    give('b', 2);
    give('c', 3);
    settle(1);
    expect(told).toEqual([]);
    settle(2);
    expect(told).toEqual(['a']);
    settle(3);
    expect(told).toEqual(['a']);
    settle(4);
    expect(told).toEqual(['a', 'c']);
  });

  test('K2b a source that emits from inside its own emission', () => {
    const { give, settle, told, onValue } = setup();
    onValue.call = value => {
      if (value === 1) give('b', 2);
    };
    give('a', 1);
    settle(1);
    expect(told).toEqual([]);
    settle(2);
    expect(told).toEqual(['b']);
  });

  test('K2c atOnce: a value that was dropped is settled with those before it', () => {
    const { give, settle, told } = setup(source$ => source$.pipe(filter(n => n > 1)), { empty: 'atOnce' });
    give('a', 1);
    expect(told).toEqual(['a']);
    give('b', 2);
    give('c', 1);
    expect(told).toEqual(['a']);
    settle(1);
    expect(told).toEqual(['a', 'c']);
  });

  test.each([
    ['bufferCount', (source$: Observable<number>) => source$.pipe(bufferCount(2))],
    ['pairwise', (source$: Observable<number>) => source$.pipe(pairwise())],
  ])('K2c what %s collects is settled with what it gives', (_, through) => {
    const { give, settle, told } = setup(through);
    give('a', 1);
    expect(told).toEqual([]);
    give('b', 2);
    expect(told).toEqual([]);
    settle(1);
    expect(told).toEqual(['b']);
  });

  test('K2c dropped values, even nested ones, are reported with the next one that passes', () => {
    const { give, settle, told, given, onValue } = setup(source$ => source$.pipe(filter(n => n > 0)));
    onValue.call = value => {
      if (value === 1) for (const token of ['b', 'c', 'd']) give(token, 0);
    };
    give('a', 1);
    for (const token of ['e', 'f', 'g']) give(token, 0);
    expect([told, given().unsettled]).toEqual([[], 1]);
    settle(1);
    expect([told, given().unsettled]).toEqual([['a'], 0]);
    give('h', 2);
    expect([told, given().unsettled]).toEqual([['a'], 1]);
    settle(2);
    expect([told, given().unsettled]).toEqual([['a', 'h'], 0]);
  });

  test('K2c a million dropped values take the memory of one', () => {
    const { give, given } = setup(source$ => source$.pipe(filter(() => false)));
    give('warm up', 1);
    gc();
    const before = process.memoryUsage().heapUsed;
    for (let n = 1; n < 1_000_000; n++) give('a', n);
    gc();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(8 * 1024 * 1024);
    expect(given().unsettled).toBe(0);
  });

  test.each<[string, boolean, (leave: () => void, settled$: Subject<number>) => void]>([
    ['after the consumer has left', false, leave => leave()],
    ['after the consumer has left, with none', true, leave => leave()],
    ['once the consumer settles nothing more', false, (_, settled$) => settled$.complete()],
  ])('K2i a million tokens take no room %s', (_, isNone, end) => {
    const { settlement, settled$ } = consumer();
    const told: { readonly n: number }[] = [];
    let given: Given<{ readonly n: number }> | undefined;
    const subscription = new Observable<number>(subscriber => {
      given = settledBy(subscriber, isNone ? 'none' : settlement, token => told.push(token), { empty: 'atOnce' });
    }).subscribe();
    const emit = (): void => {
      settlement.received++;
    };
    given?.({ n: 0 }, emit);
    settled$.next(1);
    end(() => subscription.unsubscribe(), settled$);
    gc();
    const before = process.memoryUsage().heapUsed;
    for (let n = 1; n < 1_000_000; n++) given?.({ n }, emit);
    gc();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(8 * 1024 * 1024);
    // used here, so that it is not collected
    expect([told, typeof given?.unsettled]).toEqual([[{ n: 0 }], 'number']);
  });

  test('K2i when the consumer ends, settled values are reported, others are not, and the source does not complete', () => {
    const { give, settle, told, given, settled$, complete, ends } = setup();
    give('a', 1);
    give('b', 2);
    settle(1);
    settled$.complete();
    give('c', 3);
    complete();
    expect([told, given().unsettled, ends]).toEqual([['a'], 2, []]);
  });

  test('K2g a value that is held back is never reported, however that is detected', () => {
    for (const by of ['settle', 'give', 'complete'] as const) {
      const gate$ = new Subject<number>();
      const { give, settle, told, ends, received, complete } = setup(source$ => source$.pipe(concatMap(() => gate$)));
      give('a', 1);
      give('b', 2);
      gate$.next(1);
      expect(received).toEqual([1]);
      if (by === 'settle') settle(1);
      else if (by === 'give') give('c', 3);
      else complete();
      expect([by, told, ends]).toEqual([by, [], ['HeldBackError']]);
    }
  });

  test('K2d a value that arrives late is a HeldBackError, and nothing is reported', () => {
    const gate$ = new Subject<number>();
    const { give, settle, told, ends, received } = setup(source$ => source$.pipe(concatMap(() => gate$)));
    give('a', 1);
    expect(told).toEqual([]);
    gate$.next(1);
    expect(received).toEqual([1]);
    settle(1);
    expect([told, ends]).toEqual([[], ['HeldBackError']]);
  });

  test('K2d it is also detected at the next value', () => {
    const gate$ = new Subject<number>();
    const { give, told, ends } = setup(source$ => source$.pipe(concatMap(() => gate$)));
    give('a', 1);
    gate$.next(1);
    give('b', 2);
    expect([told, ends]).toEqual([[], ['HeldBackError']]);
  });

  test('K2e without a settlement it throws NotSettledError; with none each token is reported when it was given', () => {
    const told: string[] = [];
    const open = (settlement: 'none' | undefined) =>
      new Observable<number>(subscriber => {
        const given = settledBy<string>(subscriber, settlement, token => void told.push(token));
        given('a', () => subscriber.next(1));
        given('b', () => subscriber.next(2));
        given.complete();
      });
    const seen: unknown[] = [];
    const observer = {
      next: (n: number) => seen.push(n, [...told]),
      error: ({ name }: Error) => seen.push(name),
      complete: () => seen.push('complete'),
    };
    open(undefined).subscribe(observer);
    open('none').subscribe(observer);
    expect(seen).toEqual(['NotSettledError', 1, [], 2, ['a'], 'complete']);
    expect(told).toEqual(['a', 'b']);
  });

  test.each(['withNext', 'atOnce'] as const)(
    'K2h %s: an emit that throws gave nothing, unless the consumer has received its value',
    empty => {
      const { give, settle, told, given, ends } = setup(undefined, { empty });
      const bad = (token: string, ...values: number[]) =>
        expect(() =>
          given()(token, () => {
            if (values.length > 0) give('inside', ...values);
            throw new Error('not JSON');
          }),
        ).toThrow('not JSON');
      give('a', 1);
      bad('b');
      settle(1);
      expect([told, given().unsettled]).toEqual([['a'], 0]);
      give('c', 2);
      settle(2);
      expect([told, given().unsettled]).toEqual([['a', 'c'], 0]);
      bad('d', 3);
      expect(given().unsettled).toBe(2);
      settle(3);
      expect([told, given().unsettled]).toEqual([['a', 'c', 'inside'], 0]);
      expect(ends).toEqual([]);
    },
  );

  test('K2h with none, the token of an emit that throws is reported with the next token', () => {
    const told: string[] = [];
    new Observable<number>(subscriber => {
      const given = settledBy<string>(subscriber, 'none', token => told.push(token));
      expect(() =>
        given('a', () => {
          throw new Error('not JSON');
        }),
      ).toThrow('not JSON');
      expect(told).toEqual([]);
      given('b', () => subscriber.next(1));
    }).subscribe();
    expect(told).toEqual(['b']);
  });

  test('an acknowledgement that throws errors the source', () => {
    const { settlement, settle } = consumer();
    const ends: unknown[] = [];
    new Observable<number>(subscriber => {
      const given = settledBy<string>(subscriber, settlement, () => {
        throw new Error('no channel');
      });
      given('a', () => settlement.received++);
      settle(1);
    }).subscribe({ error: ({ message }: Error) => ends.push(message) });
    expect(ends).toEqual(['no channel']);
  });

  test('K2j an acknowledgement that rejects errors the source, and one that does so later goes to the console', async () => {
    const printed = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const { settlement, settle } = consumer();
    const ends: unknown[] = [];
    const rejects: ((error: Error) => void)[] = [];
    let given: Given<number> | undefined;
    new Observable<number>(subscriber => {
      given = settledBy(subscriber, settlement, () => new Promise<void>((_, reject) => rejects.push(reject)));
    }).subscribe({ error: ({ message }: Error) => ends.push(message) });
    for (const n of [1, 2]) {
      given?.(n, () => settlement.received++);
      settle(n);
    }
    const [first, second] = rejects;
    first?.(new Error('no channel'));
    await new Promise(setImmediate);
    expect([ends, printed.mock.calls.length]).toEqual([['no channel'], 0]);
    second?.(new Error('no channel either'));
    await new Promise(setImmediate);
    const words = printed.mock.calls.map(call => String(call[1]));
    printed.mockRestore();
    expect([ends, words]).toEqual([['no channel'], ['Error: no channel either']]);
  });

  test.each([null, {}, 'nope', 1, { received: 0 }, { received: 0, settled: 0, settled$: 1 }])(
    'O5a a settlement that is none is an OptionError: %j',
    settlement => {
      const names: string[] = [];
      const subscribers = [
        new Observable<never>(subscriber => void settledBy(subscriber, settlement as never, () => undefined)),
        fanOut(NEVER, { expectedSubscribers: 2 }),
      ].map(source => (typeof source === 'function' ? defer(() => source(NEVER, settlement as never)) : source));
      for (const source$ of subscribers) source$.subscribe({ error: ({ name }: Error) => names.push(name) });
      expect(names).toEqual(['OptionError', 'OptionError']);
    },
  );

  test('K3b an atRest$ that errors is an error of the source', () => {
    const { settlement } = consumer();
    const ends: unknown[] = [];
    const open = (source: (settlement: Settlement) => Observable<unknown>): void => {
      source({ ...settlement, received: 1, atRest$: throwError(() => new Error('no rest')) }).subscribe({
        error: ({ message }: Error) => ends.push(message),
      });
    };
    const source: Pausable<number> = (_, given) =>
      new Observable(subscriber => settledBy(subscriber, given, () => undefined).complete());
    const late: Pausable<number> = (_, given) =>
      new Observable(subscriber => {
        const tokens = settledBy(subscriber, given, () => undefined);
        tokens(1, () => subscriber.next(1));
        tokens.complete();
      });
    open(given => late(NEVER, given));
    open(given => fanOut(late, { expectedSubscribers: 1 })(NEVER, given));
    open(given => source(NEVER, given));
    expect(ends).toEqual(['no rest', 'no rest', 'no rest']);
  });

  test.each<[string, (source: Pausable<number>) => Pausable<unknown>]>([
    ['a source', source => source],
    ['a fan-out', source => fanOut(source, { expectedSubscribers: 1 })],
    [
      'a batching operator',
      source => batchUntil((pause$, given) => source(pause$, given).pipe(map(n => ({ type: 'A', n }))), 'A'),
    ],
  ])('K3b %s that is left does not follow atRest$ any longer', (_, through) => {
    const { settlement } = consumer();
    const followed = { now: 0, most: 0 };
    const atRest$ = new Observable<boolean>(() => {
      followed.most = Math.max(followed.most, ++followed.now);
      return () => followed.now--;
    });
    const source: Pausable<number> = (_pause$, given) =>
      new Observable(subscriber => {
        const tokens = settledBy(subscriber, given, () => undefined);
        tokens(1, () => subscriber.next(1));
        tokens.complete();
      });
    through(source)(NEVER, { ...settlement, received: 1, atRest$ })
      .subscribe()
      .unsubscribe();
    expect(followed.most).toBeGreaterThan(0);
    expect(followed.now).toBe(0);
  });

  test('nothing is reported after the consumer has left', () => {
    const { give, settle, told, subscription, settled$ } = setup();
    give('a', 1);
    subscription.unsubscribe();
    settle(1);
    expect([told, settled$.observed]).toEqual([[], false]);
  });

  test.each(['withNext', 'atOnce'] as const)(
    'K1f K2b %s: whatever an operator drops or multiplies, and however it is settled: never too early, all in the end',
    empty => {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 4 })), { maxLength: 30 }),
          steps => {
            const { give, settle, told, received, settled$ } = setup(
              source$ => source$.pipe(mergeMap(n => Array.from({ length: n }, () => n))),
              { empty },
            );
            /** How many values each token gave, and how many there were with them. */
            const given: { readonly times: number; readonly bound: number }[] = [];
            const check = (): void => {
              const last = told.length === 0 ? 0 : Number(told.at(-1)) + 1;
              const late = given.findIndex(({ bound }) => bound > settled$.value);
              const done = given.slice(0, late < 0 ? given.length : late);
              const right = empty === 'atOnce' ? done.length : done.findLastIndex(({ times }) => times > 0) + 1;
              expect(last).toBe(right);
            };
            for (const [times, settles] of steps) {
              give(String(given.length), times);
              given.push({ times, bound: received.length });
              check();
              settle(Math.min(received.length, settled$.value + settles));
              check();
            }
            settle(received.length);
            check();
          },
        ),
      );
    },
  );
});

describe('K3 the end', () => {
  test('K3a completes when all that was given is settled', () => {
    const { give, settle, ends, complete } = setup();
    give('a', 1);
    complete();
    expect(ends).toEqual([]);
    settle(1);
    expect(ends).toEqual(['complete']);
  });

  test('K3a completes when the last acknowledgement that is a Promise has resolved', async () => {
    const { settlement, settle } = consumer();
    const ends: unknown[] = [];
    const resolves: (() => void)[] = [];
    let given: Given<number> | undefined;
    new Observable<number>(subscriber => {
      given = settledBy(subscriber, settlement, () => new Promise<void>(resolve => resolves.push(resolve)));
    }).subscribe({ complete: () => ends.push('complete') });
    given?.(1, () => settlement.received++);
    settle(1);
    given?.(2, () => settlement.received++);
    given?.complete();
    settle(2);
    const [first, second] = resolves;
    second?.();
    await new Promise(setImmediate);
    expect(ends).toEqual([]);
    first?.();
    await new Promise(setImmediate);
    expect(ends).toEqual(['complete']);
  });

  test('K3a completes immediately if nothing is unsettled, and after an emission that calls it', () => {
    const empty = setup();
    empty.complete();
    expect(empty.ends).toEqual(['complete']);
    const { give, settle, ends, complete, onValue, received } = setup();
    onValue.call = value => {
      settle(value as number);
      complete();
    };
    give('a', 1, 2);
    expect([received, ends]).toEqual([[1, 2], ['complete']]);
  });
});
