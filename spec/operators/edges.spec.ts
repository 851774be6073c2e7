import '../flow/invariants.js';
// Operators at their bounds, and without an observer of notices.
import { describe, expect, test } from '@jest/globals';
import { left } from 'fp-ts/lib/Either.js';
import { BehaviorSubject, NEVER, of, range, Subject, throwError, VirtualTimeScheduler } from 'rxjs';
import { DecodeError } from '../../lib/event/DecodeError.js';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import { backpressure } from '../../lib/operators/backpressure.js';
import { deserialize } from '../../lib/operators/deserialize.js';
import { fanOut } from '../../lib/operators/fanOut.js';
import { pausable } from '../../lib/operators/pausable.js';

const noticesOf = () => {
  const seen: Notice[] = [];
  return { seen, notices: { next: (notice: Notice) => void seen.push(notice) } };
};

describe('fanOut', () => {
  /** What a branch that was paused until the source had ended gets of it, and how it ends. */
  const outcome = (values: number, bufferSize?: number): [number, string] => {
    const pause$ = new BehaviorSubject(true);
    let count = 0;
    let end = '';
    const shared = fanOut(range(0, values), {
      expectedSubscribers: 2,
      ...(bufferSize === undefined ? {} : { bufferSize }),
    });
    shared(pause$).subscribe({
      next: () => count++,
      error: ({ message }: Error) => (end = message),
      complete: () => (end = 'complete'),
    });
    shared(NEVER).subscribe({ error: () => undefined });
    pause$.next(false);
    return [count, end];
  };

  test('F3 a source that cannot be paused ends the round past 65,536 pending events, after what is buffered', () => {
    expect(outcome(65_536)).toEqual([65_536, 'complete']);
    const [count, end] = outcome(65_537);
    expect(count).toBe(65_536);
    expect(end).toMatch(/^fan-out: the backlog is full \(pending: 65536, maxPending: 65536\)/);
  });

  test('F3a a larger buffer is a larger bound', () => {
    expect(outcome(65_600, 65_550)[0]).toBe(65_550);
  });

  test('F4a a source that cannot be opened is an error of every branch', () => {
    const errors: unknown[] = [];
    const failing = () => {
      throw new Error('cannot open');
    };
    const shared = fanOut(failing, { expectedSubscribers: 2 });
    const branch = { error: ({ message }: Error) => errors.push(message) };
    shared(NEVER).subscribe(branch);
    shared(NEVER).subscribe(branch);
    expect(errors).toEqual(['cannot open', 'cannot open']);
  });

  test('F1b waiting is announced once, with the number of branches by then, and never without stallAfter', () => {
    const scheduler = new VirtualTimeScheduler();
    const { seen, notices } = noticesOf();
    const shared = fanOut(NEVER, { expectedSubscribers: 3, stallAfter: 5, scheduler, notices });
    shared(NEVER).subscribe();
    shared(NEVER).subscribe();
    const patient = fanOut(NEVER, { expectedSubscribers: 2, scheduler, notices });
    patient(NEVER).subscribe();
    scheduler.flush();
    expect(seen).toEqual([{ type: 'Waiting', what: 'fan-out: 2 of 3 branches have subscribed' }]);
  });

  test('B15 notices need no observer', () => {
    const scheduler = new VirtualTimeScheduler();
    fanOut(NEVER, { expectedSubscribers: 2, stallAfter: 5, scheduler })(NEVER).subscribe();
    const source$ = new Subject<number>();
    const shared = fanOut(source$, { expectedSubscribers: 2, bufferSize: 1, stallAfter: 5, scheduler });
    shared(of(true)).subscribe();
    shared(NEVER).subscribe();
    source$.next(1);
    expect(() => scheduler.flush()).not.toThrow();
  });
});

test('E3b onInvalid: skip needs no observer', () => {
  const decoder = {
    decode: () => left(new DecodeError({ path: 'byte 0', expected: 'a digit', found: 'none' })),
  };
  const ends: string[] = [];
  of(Uint8Array.of(1))
    .pipe(deserialize(decoder, { onInvalid: 'skip' }))
    .subscribe({
      next: () => ends.push('next'),
      error: () => ends.push('error'),
      complete: () => ends.push('complete'),
    });
  expect(ends).toEqual(['complete']);
});

test('F3 a view of a buffer that a branch transferred reaches the others, and the source continues', () => {
  const source$ = new Subject<DataView | number>();
  const shared = fanOut(source$, { expectedSubscribers: 2 });
  const got: unknown[] = [];
  shared(NEVER).subscribe(value => {
    if (typeof value !== 'number') structuredClone(value.buffer, { transfer: [value.buffer as ArrayBuffer] });
  });
  shared(NEVER).subscribe({
    next: value => got.push(typeof value),
    complete: () => {
      got.push('complete');
    },
  });
  source$.next(new DataView(new ArrayBuffer(8)));
  source$.next(1);
  source$.complete();
  expect(got).toEqual(['object', 'number', 'complete']);
});

test('B10 notices name their subscriber, or else the operator', () => {
  const { seen, notices } = noticesOf();
  const fails = () => throwError(() => new Error('broken'));
  of(1)
    .pipe(backpressure({ required: false, notices, project: fails }))
    .subscribe();
  of(1)
    .pipe(backpressure({ required: false, name: 'mail', notices, project: fails }))
    .subscribe();
  of(1)
    .pipe(pausable({ hold$: NEVER, notices }))
    .subscribe();
  expect(seen.map(notice => [notice.type, 'subscriber' in notice ? notice.subscriber : undefined])).toEqual([
    ['Failed', { id: 0, key: 0, name: 'backpressure' }],
    ['Closed', { id: 0, key: 0, name: 'backpressure' }],
    ['Failed', { id: 0, key: 0, name: 'mail' }],
    ['Closed', { id: 0, key: 0, name: 'mail' }],
    ['Closed', { id: 0, key: 0, name: 'pausable' }],
  ]);
});
