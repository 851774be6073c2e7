// ReactiveX/rxjs #5519: concatMap takes no concurrency, and mergeMap with one loses the order, also that of a key.
// ReactiveX/rxjs #5309: groupBy with concatMap keeps the order of each key, but keeps every key that there ever was. With the
// duration that the thread ends with, a group is freed while its work runs, and the next group of that key overtakes it.
import { describe, expect, test } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { concatMap, groupBy, map, mergeMap, of, Subject, timer, type Observable, type OperatorFunction } from 'rxjs';
import { backpressure, lanes } from 'rx-event-broker';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const values = { a: 'a1', x: 'a2', b: 'b1' };

describe('orders of accounts: several at a time, in order for each account', () => {
  test('mergeMap with a concurrency overtakes within an account', () => {
    runMarbles(({ hot, cold, expectObservable }) => {
      const book = (text: string) => cold(text === 'a1' ? '-----w|' : '-w|').pipe(map(() => text));
      expectObservable(hot('axb-------', values).pipe(mergeMap(book, 2))).toBe('--x-ba----', values);
    });
  });

  test('B20b lanes keep the order of an account, and others do not wait for it', () => {
    runMarbles(({ hot, cold, expectObservable }) => {
      const book = (text: string) => cold(text === 'a1' ? '-----w|' : '-w|').pipe(map(() => text));
      const of2 = lanes({ concurrency: 2, by: (text: string) => text[0] });
      const booked$ = hot('axb-------', values).pipe(backpressure({ required: true, lanes: of2, project: book }));
      expectObservable(booked$).toBe('---b-a-x--', values);
    });
  });
});

describe('keys that are freed', () => {
  test('groupBy with a duration lets two of an account run at a time', () => {
    runMarbles(({ hot, cold, expectObservable }) => {
      const book = (text: string) => cold(text === 'a1' ? '-----w|' : '-w|').pipe(map(() => text));
      const booked$ = hot('a--x--------', values).pipe(
        groupBy(text => text[0], { duration: () => timer(2) }),
        mergeMap(group$ => group$.pipe(concatMap(book))),
      );
      expectObservable(booked$).toBe('----xa------', values);
    });
  });

  test('B20b B20i lanes free a key when nothing of it waits or runs', () => {
    runMarbles(({ hot, cold, expectObservable }) => {
      const book = (text: string) => cold(text === 'a1' ? '-----w|' : '-w|').pipe(map(() => text));
      const eachKey = lanes({ concurrency: 100, by: (text: string) => text[0] });
      const booked$ = hot('a--x--------', values).pipe(backpressure({ required: true, lanes: eachKey, project: book }));
      expectObservable(booked$).toBe('-----a-x----', values);
    });
  });
});

describe('a stream of ever new keys', () => {
  /** How many of a hundred keys are still held when the work on all of them has finished. */
  const heldBy = (operator: OperatorFunction<{ readonly key: object }, unknown>): number => {
    const source$ = new Subject<{ readonly key: object }>();
    const running = source$.pipe(operator).subscribe();
    const keys = Array.from({ length: 100 }, () => {
      const key = {};
      source$.next({ key });
      return new WeakRef(key);
    });
    return afterTurn(() => {
      collect();
      const held = keys.filter(key => key.deref() !== undefined).length;
      running.unsubscribe();
      return held;
    });
  };
  // a WeakRef that was made in this turn is held until it ends
  let looked: number[] = [];
  const afterTurn = (look: () => number): number => {
    setImmediate(() => looked.push(look()));
    return looked.length;
  };
  const turn = () => new Promise(resolve => setImmediate(resolve));
  const work = (): Observable<string> => of('done');
  const keyOf = ({ key }: { readonly key: object }) => key;

  test('groupBy holds all of them', async () => {
    looked = [];
    heldBy(source$ =>
      source$.pipe(
        groupBy(keyOf),
        mergeMap(group$ => group$.pipe(concatMap(work))),
      ),
    );
    await turn();
    expect(looked).toEqual([100]);
  });

  test('B20i lanes hold none', async () => {
    looked = [];
    heldBy(backpressure({ required: true, lanes: lanes({ concurrency: 100, by: keyOf }), project: work }));
    await turn();
    // the last one may be in a slot of the engine's stack
    expect(looked[0]).toBeLessThanOrEqual(1);
  });
});
