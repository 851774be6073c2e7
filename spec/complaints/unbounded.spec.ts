// ReactiveX/rxjs #71, #2342, #4610: nothing tells a fast source to wait, so what a slow consumer cannot take piles up
// in an array that concatMap (as mergeMap and zip) hides, until the memory is gone.
import { describe, test } from '@jest/globals';
import { concatMap, tap, timer, map } from 'rxjs';
import { backpressure, fromPull } from 'rx-event-broker';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';

function* numbers(): Generator<number> {
  for (let n = 0; n < 10_000; n++) yield n;
}

describe('a fast source before slow work', () => {
  test('concatMap has buffered all values when the first piece of work has finished', () => {
    runMarbles(({ expectObservable }) => {
      let taken = 0;
      const work$ = fromPull(numbers).pipe(
        tap(() => taken++),
        concatMap(() => timer(1)),
      );
      expectObservable(work$.pipe(map(() => taken)), '^-!').toBe('-x', { x: 10_000 });
    });
  });

  test('B12a backpressure takes as many values as its mark says, and pauses the source', () => {
    runMarbles(({ expectObservable }) => {
      let taken = 0;
      const work$ = backpressure(pause$ => fromPull(numbers, { pause$ }).pipe(tap(() => taken++)), {
        required: true,
        highWaterMark: 4,
        project: () => timer(1),
      });
      expectObservable(work$.pipe(map(() => taken)), '^---!').toBe('-xxy', { x: 4, y: 6 });
    });
  });
});
