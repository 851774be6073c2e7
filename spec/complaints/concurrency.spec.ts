// ReactiveX/rxjs #5519: orders are shipped several at a time, and their labels are printed in the order of the orders. mergeMap
// with a concurrency prints them as they are made; concatMap of work that was begun before begins all of it.
import { describe, test } from '@jest/globals';
import { concatMap, from, map, mergeMap, ReplaySubject, type Observable } from 'rxjs';
import { backpressure, fromPull } from 'rx-event-broker';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';

const orders = ['a', 'b', 'c', 'd'];

/** Ships orders that take 1 ms, and `a` 4 ms. It has begun when it returns, as a function that returns a Promise has. */
const shipping = (cold: (marbles: string) => Observable<string>) => {
  const state = { underWay: 0, most: 0 };
  const ship = (order: string): Observable<string> => {
    state.most = Math.max(state.most, ++state.underWay);
    const label$ = new ReplaySubject<string>(1);
    label$.subscribe({ complete: () => state.underWay-- });
    cold(order === 'a' ? '----l|' : '-l|')
      .pipe(map(() => order))
      .subscribe(label$);
    return label$;
  };
  return { state, ship };
};

describe('ships two orders at a time, and prints their labels in order', () => {
  test('mergeMap prints the label of b first', () => {
    runMarbles(({ cold, expectObservable }) => {
      const { ship } = shipping(cold);
      expectObservable(from(orders).pipe(mergeMap(ship, 2))).toBe('-b-cad|');
    });
  });

  test('concatMap of work that was begun before is in order, and ships all at the same time', () => {
    runMarbles(({ cold, expectObservable, expectValue }) => {
      const { state, ship } = shipping(cold);
      const labels$ = from(orders).pipe(map(ship));
      expectObservable(labels$.pipe(concatMap(label$ => label$))).toBe('----a(bcd|)');
      expectValue(() => state.most).toBe('4', { 4: 4 });
    });
  });

  test('B12a backpressure reads ahead as far as its mark says, and prints in order', () => {
    runMarbles(({ cold, expectObservable, expectValue }) => {
      const { state, ship } = shipping(cold);
      const labels = (pause$: Observable<boolean>) => fromPull(() => orders, { pause$ }).pipe(map(ship));
      const options = { required: true, highWaterMark: 2, project: (label$: Observable<string>) => label$ } as const;
      expectObservable(backpressure(labels, options)).toBe('----abc(d|)');
      expectValue(() => state.most).toBe('2', { 2: 2 });
    });
  });
});
