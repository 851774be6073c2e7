import { expect } from '@jest/globals';
import { firstValueFrom, lastValueFrom, NEVER, ReplaySubject, toArray } from 'rxjs';
import type { Parking } from '../../../lib/flow/contract/Parking.js';
import { backpressure } from '../../../lib/operators/backpressure.js';
import type { SqlClient } from '../../../lib/store/sql/SqlClient.js';
import { sqlParking } from '../../../lib/store/parking/sqlParking.js';

const who = { subscriber: 's', key: 'k', most: 1000 };
let tables = 0;
export const newTable = (): string => `parked_${++tables}`;
export const events = async <E>(parking: Parking<E>): Promise<readonly E[]> =>
  (await parking.list({ limit: 1000 })).map(({ event }) => event);

/** What holds for every client. */
export const parkingSuite = (
  test: (name: string, body: () => Promise<void>) => void,
  connect: () => Promise<SqlClient>,
): void => {
  test('B22l in a transaction that is open, events are parked with it, or not at all', async () => {
    const client = await connect();
    const parking = sqlParking<number>({ client, table: newTable() });
    await client.query('begin');
    await parking.park([1], 'no', who);
    await client.query('rollback');
    // the table was created in the transaction, too
    await expect(parking.list()).rejects.toThrow('does not exist');
    expect(await events(parking)).toEqual([]);
    await client.query('begin');
    await parking.park([2], 'no', who);
    expect(await parking.parkBehind([3], who)).toBe(true);
    await client.query('commit');
    await client.query('begin');
    await parking.park([4], 'no', who);
    await client.query('rollback');
    expect(await events(parking)).toEqual([2, 3]);
  });

  test('B22f mostBytes bounds all events of the table, in bytes of UTF-8', async () => {
    const client = await connect();
    const parking = sqlParking<string>({ client, table: newTable(), mostBytes: 12, encode: t => t, decode: t => t });
    await parking.park(['äöü'], 'no', who);
    const full = { name: 'ParkingFullError', bound: 'mostBytes', limit: 12 };
    await expect(parking.park(['abc', 'defg'], 'no', { ...who, subscriber: 't' })).rejects.toMatchObject(full);
    await expect(parking.parkBehind(['abcdefg'], who)).rejects.toMatchObject(full);
    expect(await parking.parkBehind(['abcdef'], who)).toBe(true);
    expect(await events(parking)).toEqual(['äöü', 'abcdef']);
  });

  test('B22l a table without the columns is a clear error', async () => {
    const client = await connect();
    const table = newTable();
    await client.query(`create table ${table} (id bigint, event text)`);
    await expect(sqlParking({ client, table }).park([1], 'no', who)).rejects.toMatchObject({
      name: 'TableColumnsError',
      missing: ['subscriber', 'key', 'error', 'parked_at'],
    });
  });

  test('B22l the names of tables are quoted', async () => {
    const client = await connect();
    const parking = sqlParking<number>({ client, table: 'Odd " name; --' });
    await parking.park([1], 'no', who);
    expect(await events(parking)).toEqual([1]);
  });

  test('B22q an encode that throws rejects; an error of decode names the event', async () => {
    const client = await connect();
    const table = newTable();
    const parking = sqlParking<unknown>({ client, table });
    await expect(parking.park([1n], 'no', who)).rejects.toThrow('BigInt');
    await parking.park(['a\u0000b'], 'no', who);
    expect(await events(parking)).toEqual(['a\u0000b']);
    const broken = sqlParking<unknown>({ client, table, decode: () => JSON.parse('{') as unknown });
    await expect(broken.list()).rejects.toMatchObject({ name: 'ParkedEventError' });
  });
};

/** What two connections do to each other. */
export const parkingPairSuite = (
  test: (name: string, body: () => Promise<void>) => void,
  connect: () => Promise<SqlClient>,
): void => {
  const pair = async () => {
    const table = newTable();
    const one = sqlParking<string>({ client: await connect(), table });
    const two = sqlParking<string>({ client: await connect(), table });
    return { one, two };
  };

  test('B22l two processes that create the table at the same time', async () => {
    const table = newTable();
    const all = await Promise.all(
      Array.from({ length: 6 }, async () => sqlParking<string>({ client: await connect(), table })),
    );
    await Promise.all(
      all.map(async (parking, i) => {
        await parking.park([String(i)], 'no', who);
      }),
    );
    expect([...(await events(all[0]!))].sort()).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  test('B22l a type with the name of the table is distinguished from a table that another process has just created', async () => {
    const table = newTable();
    const client = await connect();
    await client.query(`create type ${table} as enum ()`);
    const parking = sqlParking<string>({ client, table });
    await expect(parking.park(['a1'], 'no', who)).rejects.toThrow(`table ${table}: expected the columns`);
    await client.query(`drop type ${table}`);
    await parking.park(['a1'], 'no', who);
    expect(await events(parking)).toEqual(['a1']);
  });

  test('B22l a process parks events after those that another process has parked', async () => {
    const { one, two } = await pair();
    expect(await two.parkBehind(['a1'], who)).toBe(false);
    await one.park(['a1'], 'no', who);
    const behind = await Promise.all(
      ['a2', 'a3', 'a4'].map(async (event, i) => [one, two][i % 2]!.parkBehind([event], who)),
    );
    expect(behind).toEqual([true, true, true]);
    expect([...(await events(two))].sort()).toEqual(['a1', 'a2', 'a3', 'a4']);
    const replay$ = backpressure(two.replay(), { required: true, project: async event => event });
    expect((await lastValueFrom(replay$.pipe(toArray())))[0]).toBe('a1');
    expect(await one.parkBehind(['a5'], who)).toBe(false);
  });

  test('B22l a second replay of the table errors while the first one runs', async () => {
    const { one, two } = await pair();
    await one.park(['a1'], 'no', who);
    const began = new ReplaySubject<string>(1);
    const project = (event: string) => {
      began.next(event);
      return NEVER;
    };
    const first = backpressure(one.replay(), { required: true, project }).subscribe();
    await firstValueFrom(began);
    const second$ = backpressure(two.replay(), { required: true, project: async event => event });
    await expect(lastValueFrom(second$)).rejects.toMatchObject({ name: 'ReplayRunningError' });
    first.unsubscribe();
    // the lock is released by a statement on the connection of the first, before this one
    await one.list();
    await one.list();
    expect(await lastValueFrom(second$)).toBe('a1');
  });
};
