// ReactiveX/rxjs #1542, #3868: `pausable` and `pausableBuffered` left with RxJS 4. The advice that was given, switchMap between
// the source and NEVER, subscribes to a cold source anew at each pause, and loses what a hot one emits meanwhile.
import { describe, test } from '@jest/globals';
import { NEVER, switchMap } from 'rxjs';
import { pausable } from 'rx-event-broker';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';

describe('a pause', () => {
  test('with switchMap and NEVER restarts a cold source, and loses events of a hot one', () => {
    runMarbles(({ cold, hot, level, expectObservable, expectSubscriptions }) => {
      const pauses$ = level('       f--t---f---');
      const source = cold('         a-b-c-d-e-|');
      const anew = '                a-b----a-b-c-d-e-';
      const withSwitch = switchMap((paused: boolean) => (paused ? NEVER : source));
      expectObservable(pauses$.pipe(withSwitch)).toBe(anew);
      expectSubscriptions(source.subscriptions).toBe(['^--!', '-------^---------!']);
      const hot$ = hot('            a-b-c-d-e-');
      const switched$ = pauses$.pipe(switchMap(paused => (paused ? NEVER : hot$)));
      expectObservable(switched$).toBe('a-b-----e-');
    });
  });

  test('O2b with pausable keeps the subscription; hold$ loses nothing, within its capacity', () => {
    runMarbles(({ cold, level, expectObservable, expectSubscriptions }) => {
      const source = cold('     a-b-c-d-----e-|');
      const hold$ = level('     ---t---f---');
      const expected = '        a-b----(cd)-e-|';
      expectObservable(source.pipe(pausable({ hold$ }))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe('^-------------!');
    });
  });
});
