// ReactiveX/rxjs #6460, #5004: exhaustMap loses the last value that came while it was busy; what is wanted is
// "finish, then the latest". Users build it of throttle and exhaustMap, by hand; then work that ends within its call stops it forever.
import { describe, test } from '@jest/globals';
import {
  exhaustMap,
  finalize,
  from,
  map,
  of,
  Subject,
  throttle,
  type ObservableInput,
  type OperatorFunction,
} from 'rxjs';
import { backpressure } from 'rx-event-broker';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';

describe('saves while one is running', () => {
  test('exhaustMap never saves the last state', () => {
    runMarbles(({ hot, cold, expectObservable }) => {
      const states = hot('a-bcd-------');
      const project = (state: string) => cold('----s|').pipe(map(() => state));
      const expected = '----a-------';
      expectObservable(states.pipe(exhaustMap(project))).toBe(expected);
    });
  });

  test('O1e backpressure finishes the first, then saves the latest, and reports what it skipped', () => {
    runMarbles(({ hot, cold, expectObservable }) => {
      const states = hot('a-bcd-------');
      const project = (state: string) => cold('----s|').pipe(map(() => state));
      const expected = '----a----d--';
      const options = { required: false, capacity: 1, overflow: 'dropOldest', project } as const;
      expectObservable(states.pipe(backpressure(options))).toBe(expected);
    });
  });

  /** What #5004 builds: throttled until the work has released it. */
  const exhaustMapWithTrailing =
    <T, R>(project: (value: T) => ObservableInput<R>): OperatorFunction<T, R> =>
    source$ => {
      const released$ = new Subject<void>();
      return source$.pipe(
        throttle(() => released$, { leading: true, trailing: true }),
        exhaustMap(value => from(project(value)).pipe(finalize(() => released$.next()))),
      );
    };

  test('a hand-written version works until a state is saved within the call: then it never saves again, and never completes', () => {
    runMarbles(({ hot, cold, expectObservable }) => {
      const later = (state: string) => cold('----s|').pipe(map(() => state));
      expectObservable(hot('a-bcd-------').pipe(exhaustMapWithTrailing(later))).toBe('----a----d--');
      const cached = (state: string) => (state === 'a' ? of(state) : later(state));
      expectObservable(hot('a-bcd---|').pipe(exhaustMapWithTrailing(cached))).toBe('a-----------');
    });
  });

  test('O1e backpressure saves some within the call, and others later', () => {
    runMarbles(({ hot, cold, expectObservable }) => {
      const later = (state: string) => cold('----s|').pipe(map(() => state));
      const project = (state: string) => (state === 'a' ? of(state) : later(state));
      const options = { required: false, capacity: 1, overflow: 'dropOldest', project } as const;
      expectObservable(hot('a-bcd---|').pipe(backpressure(options))).toBe('a-----b----d|');
    });
  });
});
