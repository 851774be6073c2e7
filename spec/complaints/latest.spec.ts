// ReactiveX/rxjs #6460, #5004: exhaustMap loses the last value that came while it was busy; what is wanted is
// "finish, then the latest". Users build it of throttle and exhaustMap, by hand and with care.
import { describe, test } from '@jest/globals';
import { exhaustMap, map } from 'rxjs';
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

  test('O1e backpressure finishes the first, then saves the latest, and says what it left out', () => {
    runMarbles(({ hot, cold, expectObservable }) => {
      const states = hot('a-bcd-------');
      const project = (state: string) => cold('----s|').pipe(map(() => state));
      const expected = '----a----d--';
      const options = { required: false, capacity: 1, overflow: 'dropOldest', project } as const;
      expectObservable(states.pipe(backpressure(options))).toBe(expected);
    });
  });
});
