import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { EMPTY, lastValueFrom, map, NEVER, toArray, type Observable, type ObservableInput } from 'rxjs';
import { eventBroker } from '../../../lib/broker/eventBroker.js';
import type { AnyEvent } from '../../../lib/event/AnyEvent.js';
import type { Parked, ParkedFor, Parking } from '../../../lib/flow/contract/Parking.js';
import type { Pausable } from '../../../lib/flow/contract/Pausable.js';
import { memoryParking } from '../../../lib/flow/parking/memoryParking.js';
import { parkingOn } from '../../../lib/flow/parking/parkingOn.js';
import type { ParkingStore } from '../../../lib/flow/parking/ParkingStore.js';
import { gather } from '../../../lib/flow/strategies/gather.js';
import { park } from '../../../lib/flow/strategies/park.js';
import { backpressure } from '../../../lib/operators/backpressure.js';
import { batchUntil } from '../../../lib/operators/batchUntil.js';
import { fanOut } from '../../../lib/operators/fanOut.js';

/** A store of its own, in an array: it logs what is asked of it. */
const logged = (lock?: ParkingStore<string>['lock']) => {
  const log: string[] = [];
  let parked: Parked<string>[] = [];
  let ids = 0;
  const add = (events: readonly string[], error: string | undefined, { subscriber, key }: ParkedFor): void => {
    for (const event of events) parked.push({ id: `${++ids}`, subscriber, key, event, error, at: 0 });
  };
  const parking: Parking<string> = parkingOn<string>({
    key: {},
    add,
    addBehind: () => false,
    last: () => parked.at(-1)?.id,
    read: (after = '0', count) => {
      log.push(`read after ${after}`);
      return parked.filter(({ id }) => Number(id) > Number(after)).slice(0, count);
    },
    remove: removed => {
      log.push(`remove ${removed.join()}`);
      parked = parked.filter(({ id }) => !removed.includes(id));
      return removed.length;
    },
    ...(lock && { lock }),
  });
  const fill = (count: number): void =>
    add(Array(count).fill('e'), 'no', { subscriber: 's', key: undefined, most: 99 });
  /** Parks one that was not attempted. */
  const behind = (): void => add(['e'], undefined, { subscriber: 's', key: undefined, most: 99 });
  return { log, parking, fill, behind, left: () => parked.map(({ id }) => id).join() };
};

const replayed = (parking: Parking<string>, project: (event: string) => ObservableInput<unknown> = () => EMPTY) =>
  backpressure(parking.replay(), { name: 'again', required: true, project });

const turn = () => new Promise<void>(resolve => setImmediate(resolve));

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a replay of a parking with a lock', () => {
  /** A lock that logs, and fails where that is said. */
  const withLock = (fails?: 'lock' | 'unlock') => {
    const it = logged(async () => {
      it.log.push('lock');
      if (fails === 'lock') throw new Error('no lock');
      return async () => {
        it.log.push('unlock');
        if (fails === 'unlock') throw new Error('no unlock');
      };
    });
    it.fill(2);
    return it;
  };

  test('holds it from before the first read until all is removed, and completes after that', async () => {
    const { log, parking } = withLock();
    await lastValueFrom(replayed(parking), { defaultValue: undefined });
    expect([log[0], log.at(-1)]).toEqual(['lock', 'unlock']);
    expect(log.filter(entry => entry === 'unlock')).toHaveLength(1);
    expect(log.filter(entry => entry.startsWith('remove')).join(' ')).toMatch(/1.*2/);
  });

  test('releases it when its consumer leaves, and the next replay may begin', async () => {
    const { log, parking } = withLock();
    const first = replayed(parking, () => NEVER).subscribe();
    await turn();
    first.unsubscribe();
    await lastValueFrom(replayed(parking), { defaultValue: undefined });
    expect(log.filter(entry => entry.endsWith('lock'))).toEqual(['lock', 'unlock', 'lock', 'unlock']);
  });

  test('errors if it cannot be locked, and reads nothing', async () => {
    const { log, parking } = withLock('lock');
    await expect(lastValueFrom(replayed(parking))).rejects.toThrow('no lock');
    await turn();
    expect(log).toEqual(['lock']);
  });

  test('errors if it cannot be unlocked at the end; after its consumer has left that is written', async () => {
    const { parking } = withLock('unlock');
    await expect(lastValueFrom(replayed(parking))).rejects.toThrow('no unlock');
    const written = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const other = withLock('unlock');
    const consumer = replayed(other.parking, () => NEVER).subscribe();
    await turn();
    consumer.unsubscribe();
    await turn();
    expect(written.mock.calls).toEqual([
      ['rx-event-broker: a parking could not be unlocked after a replay', new Error('no unlock')],
    ]);
  });
});

test('B23d a replay hands over what is gathered whenever it waits, and at its end', async () => {
  const { parking, fill, behind, left } = logged();
  fill(2);
  const broker = eventBroker();
  const batches: number[] = [];
  broker.subscribe({
    required: true,
    gather: gather({ maxSize: 99, maxWait: Infinity }),
    nextBatch: events => {
      // the second batch comes from a second look at the store
      if (batches.push(events.length) === 1) behind();
    },
  });
  const replay: Pausable<AnyEvent> = (pause$, settlement) =>
    parking
      .replay()(pause$, settlement)
      .pipe(map(type => ({ type })));
  await lastValueFrom(broker.receive(fanOut(replay, { expectedSubscribers: 1 })));
  expect([batches, left()]).toEqual([[2, 1], '']);
});

test.each([[9], [10], [99]])('what is parked anew while %d are replayed is left for the next replay', async count => {
  const { parking, fill, left } = logged();
  fill(count);
  let more = 2;
  const events = await lastValueFrom(
    replayed(parking, () => {
      if (more-- > 0) fill(1);
      return ['done'];
    }).pipe(toArray()),
  );
  expect([events.length, left()]).toEqual([count, `${count + 1},${count + 2}`]);
});

test('ids of one length are compared as numbers are', async () => {
  const { parking, fill, left } = logged();
  fill(12);
  await parking.discard(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
  const events = await lastValueFrom(replayed(parking, () => ['done']).pipe(toArray()));
  expect([events.length, left()]).toEqual([3, '']);
});

test('replay checks its options; only must answer true or false', async () => {
  const { parking, fill } = logged();
  fill(1);
  expect(() => parking.replay({ limit: 0 })).toThrow(/^limit: expected a whole number, 1 or more, found 0/);
  expect(() => parking.replay({ onyl: () => true } as never)).toThrow(/^onyl: expected only; replay has no option /);
  const source = parking.replay({ only: (() => 'yes') as never });
  const stream$ = backpressure(source, {
    name: 'again',
    required: true,
    onFailure: park(parking),
    project: () => EMPTY,
  });
  await expect(lastValueFrom(stream$)).rejects.toThrow(
    /^only: expected a function that returns true or false, found 'yes'/,
  );
});

test('B22j a consumer that collects a batch that never ends has all of it at rest: the replay completes', async () => {
  const parking = memoryParking<AnyEvent>();
  void parking.park([{ type: 'Row' }, { type: 'Row' }], 'no', { subscriber: 's', key: undefined, most: 9 });
  const batches$ = backpressure(batchUntil(parking.replay(), 'End'), {
    name: 'again',
    required: true,
    project: batch => [batch.length],
  });
  expect(await lastValueFrom(batches$.pipe(toArray()))).toEqual([2]);
  expect(await parking.list()).toEqual([]);
});

test('a replay that is opened without a settlement is a NotSettledError', () => {
  const errors: unknown[] = [];
  const source = logged().parking.replay() as (pause$: Observable<boolean>) => Observable<string>;
  source(NEVER).subscribe({ error: error => errors.push(error) });
  expect(errors).toMatchObject([{ name: 'NotSettledError', what: 'replay' }]);
});
