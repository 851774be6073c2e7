import { describe, expect, test } from '@jest/globals';
import { concatMap, switchMap } from 'rxjs';
import { runMarbles } from 'rx-event-broker/testing';
import { RxLane } from '../../docs/playground/runner/RxLane.js';
import type { InspectRecord } from 'rx-event-broker/inspect';

describe('a lane for an operator of RxJS', () => {
  test('a value that has arrived and has not begun waits', () => {
    const records: InspectRecord[] = [];
    runMarbles(({ hot, cold, expectObservable, flush }) => {
      const lane = new RxLane('queue', false, record => records.push(record));
      const source$ = hot('  ab----|');
      const work = cold('    --(c|)  ');
      const expected = '     --c-c-|';
      expectObservable(source$.pipe(lane.arrives(), concatMap(lane.work(() => work)))).toBe(expected);
      flush();
    });
    expect(records.map(({ kind, event, backlog }) => [kind, event, backlog])).toEqual([
      ['offered', 1, 1],
      ['began', 1, 1],
      ['offered', 2, 2],
      ['ended', 1, 1],
      ['began', 2, 1],
      ['ended', 2, 0],
    ]);
  });

  test('work that the operator leaves is unsubscribed', () => {
    const records: InspectRecord[] = [];
    runMarbles(({ hot, cold, expectObservable, expectSubscriptions, flush }) => {
      const lane = new RxLane('latest', false, record => records.push(record));
      const source$ = hot('  a--b|');
      const work = cold('    -----c|');
      expectObservable(source$.pipe(lane.arrives(), switchMap(lane.work(() => work)))).toBe('--------c|');
      expectSubscriptions(work.subscriptions).toBe(['^--!', '---^-----!']);
      flush();
    });
    expect(records.filter(({ kind }) => kind === 'failed').map(({ event, reason }) => [event, reason])).toEqual([
      [1, 'unsubscribed'],
    ]);
  });
});
