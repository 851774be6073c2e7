// ReactiveX/rxjs #6682, #7334: concatMap and mergeMap with a limit stop for good, with neither an error nor completion, when
// many inner Observables that wait behind a slow one complete synchronously: they drain by recursion, and the overflow is lost.
import { describe, expect, test } from '@jest/globals';
import { concatMap, of, Subject, range, type Observable, type OperatorFunction } from 'rxjs';
import { backpressure } from 'rx-event-broker';

const MANY = 100_000;

/** The result of many that wait after a slow first one. */
const drain = (operator: (project: (n: number) => Observable<number>) => OperatorFunction<number, number>) => {
  const slow$ = new Subject<number>();
  let values = 0;
  let end = 'none';
  range(0, MANY)
    .pipe(operator(n => (n === 0 ? slow$ : of(n))))
    .subscribe({ next: () => values++, error: () => (end = 'error'), complete: () => (end = 'complete') });
  try {
    slow$.complete();
  } catch {
    end = 'thrown';
  }
  return { values, end };
};

describe('many synchronous values after a slow one', () => {
  test('concatMap never completes', () => {
    const { values, end } = drain(project => concatMap(project));
    expect(values).toBeLessThan(MANY - 1);
    expect(end).not.toBe('complete');
  });

  test('B12c backpressure delivers them all, and completes', () => {
    expect(drain(project => backpressure({ required: true, maxPending: Infinity, project }))).toEqual({
      values: MANY - 1,
      end: 'complete',
    });
  });
});
