import { describe, expect, test } from '@jest/globals';
import { left } from 'fp-ts/lib/Either.js';
import { from, NEVER, of, range, Subject, type Observable } from 'rxjs';
import { DecodeError } from '../../lib/event/DecodeError.js';
import type { Pausable } from '../../lib/flow/contract/Pausable.js';
import { openSource } from '../../lib/flow/contract/Source.js';
import { backpressure } from '../../lib/operators/backpressure.js';
import { batchUntil } from '../../lib/operators/batchUntil.js';
import { deserialize } from '../../lib/operators/deserialize.js';
import { fanOut } from '../../lib/operators/fanOut.js';
import { pausable } from '../../lib/operators/pausable.js';
import { verifyChain } from '../../lib/operators/verifyChain.js';
import { thrownBy } from '../flow/helpers.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';
import { noSettlement } from '../../lib/flow/settlement/noSettlement.js';

const work = (n: number) => of(n);
const does = { required: true, project: work };
const f = () => undefined;
const decoder = { decode: () => left(new DecodeError({ expected: '', found: '', path: '' })) };

const errorOf = (stream$: Observable<unknown>): unknown => {
  let found: unknown;
  stream$.subscribe({ error: (error: unknown) => (found = error) });
  return found;
};

describe('the messages of errors', () => {
  test('B11e ChainIdError: where, which chain was expected, which was found', () => {
    const event = { type: 'Trade', chainId: 'other', blockNr: 3, sequence: 4 };
    const error = errorOf(of(event).pipe(verifyChain('main')));
    expect(error).toMatchObject({
      name: 'ChainIdError',
      message: `Trade 3-4: expected an event of chain "main", found one of chain "other" (${ERRORS_PAGE}#chainiderror)`,
      expected: 'main',
      found: 'other',
    });
  });

  test('B17d BatchTooLargeError: which event was expected, within how many', () => {
    const events = [1, 2, 3].map(() => ({ type: 'Trade' }));
    expect(errorOf(from(events).pipe(batchUntil('TimeUpdate', { maxSize: 2 })))).toMatchObject({
      name: 'BatchTooLargeError',
      message: `batchUntil: expected a TimeUpdate within 2 events, found none (${ERRORS_PAGE}#batchtoolargeerror)`,
      until: 'TimeUpdate',
      maxSize: 2,
    });
  });

  test('F2a F2b FanOutFullError, FanOutStartedError: how many were expected, how many are there', () => {
    const shared = fanOut(NEVER, { expectedSubscribers: 2 });
    const first = shared(NEVER).subscribe();
    shared(NEVER).subscribe();
    expect(errorOf(shared(NEVER))).toMatchObject({
      name: 'FanOutFullError',
      message: `fan-out: all branches have subscribed already; expectedSubscribers is 2, raise it for one more branch (${ERRORS_PAGE}#fanoutfullerror)`,
      expectedSubscribers: 2,
    });
    first.unsubscribe();
    expect(errorOf(shared(NEVER))).toMatchObject({
      name: 'FanOutStartedError',
      message: `fan-out: a round is already running with 1 of 2 branches; a branch can only join before it begins (${ERRORS_PAGE}#fanoutstartederror)`,
      present: 1,
      expectedSubscribers: 2,
    });
  });

  test('O1c BacklogFullError: at the value past maxPending, and not before', () => {
    const values$ = new Subject<number>();
    const seen: unknown[] = [];
    const project = (n: number) => (seen.push(n), NEVER);
    const options = { required: true, name: 'ledger', maxPending: 2, project } as const;
    values$.pipe(backpressure(options)).subscribe({ error: ({ message }: Error) => seen.push(message) });
    values$.next(1);
    values$.next(2);
    expect(seen).toEqual([1]);
    values$.next(3);
    expect(seen[1]).toMatch(/^ledger: the backlog is full \(pending: 2, maxPending: 2\)/);
  });

  test('O1 an optional one has no such bound', () => {
    const seen: number[] = [];
    const project = (n: number) => (seen.push(n), of(n));
    expect(errorOf(range(0, 5).pipe(backpressure({ required: false, maxPending: 1, project })))).toBe(undefined);
    expect(seen).toEqual([0, 1, 2, 3, 4]);
  });

  test.each<[string, () => unknown]>([
    [
      'maxPending: expected a whole number, 1 or more, found 0',
      () => backpressure({ required: true, maxPending: 0, project: work })(NEVER),
    ],
    [
      'highWaterMark: expected a whole number, 1 or more, found 0',
      () => backpressure({ required: true, highWaterMark: 0, project: work })(NEVER),
    ],
    ['capacity: expected a whole number, 0 or more, found -1', () => pausable({ hold$: NEVER, capacity: -1 })(NEVER)],
    ['maxSize: expected a whole number, 1 or more, found 0', () => batchUntil('End', { maxSize: 0 })],
    [
      'expectedSubscribers: expected a whole number, 1 or more, found 0',
      () => fanOut(NEVER, { expectedSubscribers: 0 }),
    ],
    [
      'bufferSize: expected a whole number, 1 or more, found 0',
      () => fanOut(NEVER, { expectedSubscribers: 1, bufferSize: 0 }),
    ],
    [
      'stallAfter: expected milliseconds, 0 or more, found -1',
      () => fanOut(NEVER, { expectedSubscribers: 1, stallAfter: -1 }),
    ],
    ['required: expected true or false, found undefined', () => backpressure({ project: work } as never)(NEVER)],
    ['project: expected a function, found undefined', () => backpressure({ required: true } as never)],
    [
      "maxPending: expected a whole number, 1 or more, found '9'",
      () => backpressure({ ...does, maxPending: '9' } as never),
    ],
    ['scheduler: expected a scheduler of RxJS, found {}', () => backpressure({ ...does, scheduler: {} } as never)],
    ['notices: expected an observer, found function f', () => backpressure({ ...does, notices: f } as never)],
    ['backpressure: expected an object of options, found null', () => backpressure(null as never)],
    ['backpressure: expected an object of options, found 5', () => backpressure(NEVER, 5 as never)],
    [
      'backpressure: expected an object of options, found undefined',
      () => backpressure((() => NEVER) as Pausable<number> as never),
    ],
    [
      'source: expected an Observable or a function of pause$, found undefined',
      () => backpressure(undefined as never, { required: true, project: work }),
    ],
    [
      'source: expected an Observable or a function of pause$, found [1]',
      () => fanOut([1] as never, { expectedSubscribers: 1 }),
    ],
    ['expectedSubscribers: expected a whole number, 1 or more, found undefined', () => fanOut(NEVER, {} as never)],
    ['fanOut: expected an object of options, found undefined', () => fanOut(NEVER, undefined as never)],
    ['notices: expected an observer, found {}', () => fanOut(NEVER, { expectedSubscribers: 1, notices: {} } as never)],
    [
      'buffersize: expected bufferSize; fanOut has no option of this name, found 5',
      () => fanOut(NEVER, { expectedSubscribers: 1, buffersize: 5 } as never),
    ],
    [
      'pause$: expected an Observable, found undefined',
      () => fanOut(NEVER, { expectedSubscribers: 1 })(undefined as never),
    ],
    [
      "settlement: expected the settlement of a consumer, or 'none', found {}",
      () => fanOut(NEVER, { expectedSubscribers: 1 })(NEVER, {} as never),
    ],
    [
      'inspect: expected an inspector, as inspector() returns it, found {}',
      () => fanOut(NEVER, { expectedSubscribers: 1, inspect: {} as never }),
    ],
    ['skip$: expected an Observable, found true', () => pausable({ skip$: true } as never)],
    ['hold$: expected an Observable, found {}', () => pausable({ hold$: {} } as never)],
    ['notices: expected an observer, found 1', () => pausable({ hold$: NEVER, notices: 1 } as never)],
    ['pausable: expected an object of options, found undefined', () => pausable(undefined as never)],
    ['type: expected a string, found undefined', () => batchUntil(undefined as never)],
    ["batchUntil: expected an object of options, found 'x'", () => batchUntil('End', 'x' as never)],
    [
      'maxsize: expected maxSize; batchUntil has no option of this name, found 5',
      () => batchUntil('End', { maxsize: 5 } as never),
    ],
    ['decoder: expected a decoder, found undefined', () => deserialize(undefined as never)],
    ["onInvalid: expected 'error' or 'skip', found 'Skip'", () => deserialize(decoder, { onInvalid: 'Skip' as never })],
    ['notices: expected an observer, found {}', () => deserialize(decoder, { notices: {} as never })],
    [
      "oninvalid: expected onInvalid; deserialize has no option of this name, found 'skip'",
      () => deserialize(decoder, { oninvalid: 'skip' } as never),
    ],
    ['skip$, hold$: expected exactly one of them, found 0', () => pausable({} as never)],
    ['skip$, hold$: expected exactly one of them, found 2', () => pausable({ skip$: NEVER, hold$: NEVER } as never)],
    [
      'source: expected an Observable or a function of pause$, found undefined',
      () => openSource(undefined as never, NEVER, noSettlement('a test')),
    ],
  ])('O5 OptionError: %s', (message, call) => {
    expect((thrownBy(call) as Error).message).toBe(`${message} (${ERRORS_PAGE}#optionerror)`);
  });

  test.each<[string, () => unknown]>([
    ['maxPending', () => backpressure({ required: true, maxPending: 1, project: work })(NEVER)],
    ['stallAfter', () => backpressure({ required: true, stallAfter: 0, project: work })(NEVER)],
    ['capacity', () => pausable({ hold$: NEVER, capacity: 0 })(NEVER)],
    ['maxSize', () => batchUntil('End', { maxSize: 1 })],
    ['fanOut', () => fanOut(NEVER, { expectedSubscribers: 1, bufferSize: 1, stallAfter: 0 })],
  ])('the least that it may be is taken: %s', (_, call) => {
    expect(thrownBy(call)).toBe(undefined);
  });
});
