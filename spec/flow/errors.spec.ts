import { describe, expect, test } from '@jest/globals';
import { asyncScheduler, of } from 'rxjs';
import type { Delivery } from '../../lib/flow/contract/Delivery.js';
import { BacklogFullError } from '../../lib/flow/contract/BacklogFullError.js';
import { followLevel } from '../../lib/flow/level/followLevel.js';
import { DELIVERY } from '../../lib/flow/contract/deliveryOptions.js';
import { checkOption, checkOptions, count } from '../../lib/flow/contract/options.js';
import { OptionError } from '../../lib/flow/contract/OptionError.js';
import { DeliveryTimeoutError } from '../../lib/flow/contract/DeliveryTimeoutError.js';
import { OnFailureError } from '../../lib/flow/contract/OnFailureError.js';
import { ParkingFullError } from '../../lib/flow/contract/ParkingFullError.js';
import { NextPendingError } from '../../lib/flow/loop/NextPendingError.js';
import { HeldBackError, NotSettledError } from '../../lib/flow/settlement/errors.js';
import { StreamClosedError } from '../../lib/flow/write/StreamClosedError.js';
import { level, thrownBy } from './helpers.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

describe('the messages of errors', () => {
  test('B12f BacklogFullError: whose backlog, how many were expected, how many found, what to do', () => {
    const error = new BacklogFullError('ledger', 12, 10);
    expect(error.message).toBe(
      `ledger: the backlog is full (pending: 12, maxPending: 10); wait while saturated$ is true, or use a source that can be paused (${ERRORS_PAGE}#backlogfullerror)`,
    );
    expect(error).toMatchObject({ name: 'BacklogFullError', who: 'ledger', pending: 12, maxPending: 10 });
  });

  test.each<[Error, string]>([
    [
      new NotSettledError('mine'),
      "mine: opened without a settlement; pass it on: (pause$, settlement) => source(pause$, settlement).pipe(…), or use settlement: 'none'",
    ],
    [
      new HeldBackError(2),
      'an operator delayed 2 values on the way to the consumer; move it downstream of the consumer, or use one that emits immediately',
    ],
    [
      new OnFailureError('ledger', new Error('no'), new Error('full')),
      'ledger: onFailure failed: Error: full, after the delivery had failed: Error: no',
    ],
    [
      new OnFailureError('ledger', undefined, new Error('full'), false),
      'ledger: onFailure failed: Error: full, before the delivery was tried',
    ],
    [
      new ParkingFullError('ledger', 'most', 3),
      'ledger: the parking is full: most is 3 events; replay or discard parked events',
    ],
    [
      new ParkingFullError('ledger', 'mostBytes', 3),
      'ledger: the parking is full: mostBytes is 3 bytes; replay or discard parked events',
    ],
    [new DeliveryTimeoutError('bank', 5), 'bank: the work took longer than failAfter, 5 ms'],
    [new NextPendingError(), 'next() was called while the previous next() was pending; await that first'],
    [new StreamClosedError(), 'the stream is closed: nothing can be written to it'],
  ])('%s', (error, message) => {
    expect(error.message).toBe(`${message} (${ERRORS_PAGE}#${error.name.toLowerCase()})`);
    expect(error.name).toBe(error.constructor.name);
  });

  test.each([
    [{ required: true, highWaterMark: 0 }, 'highWaterMark: expected a whole number, 1 or more, found 0'],
    [{ required: true, highWaterMark: 1.5 }, 'highWaterMark: expected a whole number, 1 or more, found 1.5'],
    [{ required: false, capacity: -1 }, 'capacity: expected a whole number, 0 or more, found -1'],
    [{ required: false, capacity: NaN }, 'capacity: expected a whole number, 0 or more, found NaN'],
    [{ required: true, stallAfter: -1 }, 'stallAfter: expected milliseconds, 0 or more, found -1'],
    [{}, 'required: expected true or false, found undefined'],
    [{ required: 'no' }, "required: expected true or false, found 'no'"],
    [{ required: true, highWaterMark: '5' }, "highWaterMark: expected a whole number, 1 or more, found '5'"],
    [
      { required: true, onFailure: 'skip' },
      "onFailure: expected 'stop' or 'continue' or park(parking) or a function, found 'skip'",
    ],
    [
      { required: false, overflow: 'oldest' },
      "overflow: expected 'dropNewest' or 'dropOldest' or keepLatestBy(key), found 'oldest'",
    ],
    [{ required: true, skip$: true }, 'skip$: expected an Observable, found true'],
    [{ required: false, hold$: 1 }, 'hold$: expected an Observable, found 1'],
  ])('OptionError: %j', (delivery, message) => {
    const error = thrownBy(() => {
      checkOptions('subscribe', delivery as Delivery<never>, DELIVERY);
    });
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toBe(`${message} (${ERRORS_PAGE}#optionerror)`);
  });

  test('OptionError has its parts: which option, what was expected, what was found', () => {
    const error = thrownBy(() => {
      checkOption('capacity', -1, count(0));
    });
    expect(error).toMatchObject({
      name: 'OptionError',
      option: 'capacity',
      expected: 'a whole number, 0 or more',
      found: -1,
    });
  });

  test('a missing value, the minimum and Infinity are accepted', () => {
    const check = (delivery: Delivery<never>) => checkOptions('subscribe', delivery, DELIVERY);
    check({ required: true });
    check({ required: false, observeOn: asyncScheduler });
    check({ required: true, highWaterMark: 1, stallAfter: 0 });
    check({ required: false, capacity: 0, stallAfter: Infinity });
    for (const onFailure of ['stop', 'continue'] as const) check({ required: true, onFailure, skip$: of(true) });
    for (const overflow of ['dropNewest', 'dropOldest'] as const) check({ required: false, overflow });
    for (const [value, min] of [
      [Infinity, 1],
      [3, 3],
    ] as const) {
      expect(() => checkOption('x', value, count(min))).not.toThrow();
    }
  });
});

test('B5 a level reports changes only, starting from false, and its error', () => {
  const { level$, told, observer } = level();
  followLevel(level$, observer.next, observer.error);
  for (const now of [false, true, true, false, false, true]) level$.next(now);
  expect(told).toEqual([true, false, true]);
  level$.error('broken');
  expect(told).toEqual([true, false, true, 'broken']);
});
