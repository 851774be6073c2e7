import { describe, expect, test } from '@jest/globals';
import { EMPTY, lastValueFrom } from 'rxjs';
import { park } from '../../../lib/flow/strategies/park.js';
import { backpressure } from '../../../lib/operators/backpressure.js';
import { memoryParking } from '../../../lib/flow/parking/memoryParking.js';
import { parkingContract } from '../../../lib/testing/parkingContract.js';
import { settledSourceContract } from 'rx-event-broker/testing';
import type { ParkedTestEvent } from '../../../lib/testing/ParkingUnderTest.js';

describe('the contract', () => {
  parkingContract({
    test,
    open: async () => ({ parking: memoryParking<ParkedTestEvent>(), close: async () => undefined }),
  });
});

describe('K1 K2 K3 B22i the contract of a source that settles, by its replay', () => {
  settledSourceContract({
    test,
    factory: values => {
      const parking = memoryParking<string>();
      void parking.park(values, 'no', { subscriber: 'all', key: 'k', most: 10 });
      return {
        source: parking.replay(),
        left: async () => (await parking.list()).map(({ event }) => event),
      };
    },
    supports: { values: ['a', 'b', 'c', 'd', 'e'] },
  });
});

test('B22i, B22m the same object, parked for two subscribers: it stays for the one that fails again, and is removed for the other', async () => {
  const event = { type: 'E' };
  const parking = memoryParking<typeof event>();
  void parking.park([event], 'no', { subscriber: 'ledger', key: undefined, most: 10 });
  void parking.park([event], 'no', { subscriber: 'mail', key: undefined, most: 10 });
  let tries = 0;
  const again$ = backpressure(parking.replay(), {
    name: 'again',
    required: true,
    onFailure: park(parking),
    project: () => {
      if (++tries === 1) throw new Error('again');
      return EMPTY;
    },
  });
  await lastValueFrom(again$, { defaultValue: undefined });
  expect((await parking.list()).map(({ id, subscriber }) => [id, subscriber])).toEqual([['1', 'ledger']]);
});

test('B22b names and keys with line ends in them are not mixed up', async () => {
  const parking = memoryParking<string>();
  void parking.park(['one'], 'no', { subscriber: 'a', key: 'b\nc', most: 10 });
  expect(parking.parkBehind(['two'], { subscriber: 'a\nb', key: 'c', most: 10 })).toBe(false);
  expect(parking.parkBehind(['two'], { subscriber: 'a', key: 'b\nc', most: 10 })).toBe(true);
});

const who = { subscriber: 's', key: 'k', most: 10 };

test('B22f mostBytes bounds it: past it nothing is stored', async () => {
  const parking = memoryParking<{ size: number }>({ sizeOf: ({ size }) => size, mostBytes: 10 });
  void parking.park([{ size: 6 }], 'no', who);
  expect(() => parking.park([{ size: 2 }, { size: 3 }], 'no', who)).toThrow('mostBytes is 10 bytes');
  expect(() => parking.parkBehind([{ size: 5 }], who)).toThrow('mostBytes is 10 bytes');
  expect(parking.parkBehind([{ size: 4 }], who)).toBe(true);
  expect((await parking.list()).map(({ event }) => event.size)).toEqual([6, 4]);
  await parking.discard(['1']);
  void parking.park([{ size: 6 }], 'no', who);
});

test('B22f mostBytes needs sizeOf', () => {
  expect(() => memoryParking({ mostBytes: 10 })).toThrow(/^mostBytes: expected the option sizeOf as well, found 10/);
  expect(() => memoryParking({ mostBytes: Infinity })).not.toThrow();
});

test('B22f sizeOf may give 0, and all that a number can count exactly', async () => {
  const parking = memoryParking<number>({ sizeOf: bytes => bytes });
  void parking.park([0], 'no', who);
  void parking.park([Number.MAX_SAFE_INTEGER], 'no', who);
  expect(() => parking.park([2 ** 53], 'no', who)).toThrow(
    'sizeOf: expected a function that returns a number of bytes',
  );
  expect(await parking.list()).toHaveLength(2);
});

test.each<readonly unknown[]>([[''], ['x1'], ['1x'], ['-1'], ['1.5'], ['12345678901234567890'], [1], [undefined]])(
  'B22q %j is no id',
  async id => {
    const parking = memoryParking<string>();
    await expect(parking.discard(['1', id as string])).rejects.toThrow(
      /^ids: expected an array of ids, as list returns them, found /,
    );
    if (id !== undefined)
      await expect(parking.list({ after: id as string })).rejects.toThrow(
        /^after: expected an id, as list returns it, found /,
      );
  },
);

test('B22q an id has up to 19 digits; list gives 100 events by default, 10,000 at most', async () => {
  const parking = memoryParking<number>();
  void parking.park(Array(101).fill(7), 'no', { ...who, most: 101 });
  expect(await parking.list()).toHaveLength(100);
  expect(await parking.list({ limit: 10_000 })).toHaveLength(101);
  await expect(parking.list({ limit: 10_001 })).rejects.toThrow(
    /^limit: expected a whole number from 1 to 10000, found/,
  );
  expect(await parking.list({ after: '9'.repeat(19) })).toEqual([]);
  expect(await parking.discard(['1', '9'.repeat(19)])).toBe(1);
  expect(await parking.discard([])).toBe(0);
});

// made by a function: a Promise that is rejected while its test is left out would end the process
test.each<[string, () => unknown]>([
  ['NaN', () => NaN],
  ['-1', () => -1],
  ['a string', () => '7'],
  ['a Promise', () => Promise.reject(new Error('late'))],
  ['undefined', () => undefined],
])('B22f a sizeOf that gives %s is an error', (_, sizeOf) => {
  const parking = memoryParking<number>({ sizeOf: sizeOf as () => number });
  expect(() => parking.park([1], 'no', who)).toThrow('sizeOf: expected a function that returns a number of bytes');
});
