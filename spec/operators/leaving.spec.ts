import '../flow/invariants.js';
import { describe, expect, test } from '@jest/globals';
import { BehaviorSubject, NEVER, Subject, take, throwError } from 'rxjs';
import { backpressure } from '../../lib/operators/backpressure.js';
import { fanOut } from '../../lib/operators/fanOut.js';
import { fromPull } from '../../lib/flow/pull/fromPull.js';
import type { Pausable } from '../../lib/flow/contract/Pausable.js';

/** An endless source that records its progress. */
const endless = () => {
  const pulled = { count: 0 };
  const numbers = function* () {
    while (pulled.count < 100_000) yield pulled.count++;
  };
  const source: Pausable<number> = pause$ => fromPull(numbers, { pause$ });
  return { pulled, source };
};

describe('B12 leaving while the source is paused does not resume it', () => {
  test('O1 backpressure, unsubscribed while saturated', () => {
    const { pulled, source } = endless();
    backpressure(source, { required: true, highWaterMark: 4, project: () => NEVER })
      .subscribe()
      .unsubscribe();
    expect(pulled.count).toBe(4);
  });

  test('O1 backpressure, when its work fails while saturated', () => {
    const { pulled, source } = endless();
    const work$ = new Subject<number>();
    const errors: unknown[] = [];
    backpressure(source, { required: true, highWaterMark: 4, project: () => work$ }).subscribe({
      error: (error: unknown) => errors.push(error),
    });
    work$.error('no');
    expect([errors, pulled.count]).toEqual([['no'], 4]);
  });

  test('O1 backpressure, when a level errors while saturated', () => {
    const { pulled, source } = endless();
    const skip$ = new Subject<boolean>();
    backpressure(source, { required: true, highWaterMark: 4, skip$, project: () => NEVER }).subscribe({
      error: () => undefined,
    });
    throwError(() => 'no').subscribe(skip$);
    expect(pulled.count).toBe(4);
  });

  test('F5b the last branch of a fan-out, unsubscribed while it is full', () => {
    const { pulled, source } = endless();
    const branch$ = fanOut(source, { expectedSubscribers: 1, bufferSize: 4 })(new BehaviorSubject(true));
    branch$.subscribe().unsubscribe();
    expect(pulled.count).toBe(4);
  });

  test('F5b the last branch of a fan-out, unsubscribed from inside', () => {
    const { pulled, source } = endless();
    fanOut(source, { expectedSubscribers: 1, bufferSize: 4 })(NEVER).pipe(take(2)).subscribe();
    expect(pulled.count).toBe(2);
  });
});
