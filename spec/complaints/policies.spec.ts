// ReactiveX/rxjs #5004, #3149: each rule about what may wait needs an operator of its own, and for "the latest of each key"
// there is none. groupBy with exhaustMap loses the last value of a key, and groupBy with switchMap cancels work that runs.
import { describe, test } from '@jest/globals';
import { concatMap, exhaustMap, groupBy, mergeMap, of, switchMap } from 'rxjs';
import { backpressure, keepLatestBy } from 'rx-event-broker';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';

const values = { x: 'x1', a: 'a1', b: 'b1', c: 'a2', d: 'a3' };
const keyOf = (text: string) => text[0];

describe('saves the latest of each document, one save at a time', () => {
  test('hand-written RxJS loses the last state, or cancels a running save', () => {
    runMarbles(({ hot, cold, expectObservable }) => {
      const save = (text: string) => cold('--s|').pipe(concatMap(() => of(text)));
      const states = hot('xabcd--------', values);
      const exhausted$ = states.pipe(
        groupBy(keyOf),
        mergeMap(group$ => group$.pipe(exhaustMap(save))),
      );
      expectObservable(exhausted$).toBe('--xab--------', values);
      const switched$ = states.pipe(
        groupBy(keyOf),
        mergeMap(group$ => group$.pipe(switchMap(save))),
      );
      expectObservable(switched$).toBe('--x-b-d------', values);
    });
  });

  test('B19a backpressure with keepLatestBy finishes the running save, then saves the latest of each', () => {
    runMarbles(({ hot, cold, expectObservable }) => {
      const save = (text: string) => cold('--s|').pipe(concatMap(() => of(text)));
      const saved$ = hot('xabcd--------', values).pipe(
        backpressure({ required: false, overflow: keepLatestBy(keyOf), project: save }),
      );
      expectObservable(saved$).toBe('--x--c--b--d-', values);
    });
  });
});
