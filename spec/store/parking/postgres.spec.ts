import { describe, expect, test } from '@jest/globals';
import type { Client } from 'pg';
import { sqlParking } from '../../../lib/store/parking/sqlParking.js';
import { parkingContract } from '../../../lib/testing/parkingContract.js';
import type { ParkedTestEvent, ParkingUnderTest } from '../../../lib/testing/ParkingUnderTest.js';
import { onPostgres } from '../sql/onPostgres.js';
import { newTable, parkingPairSuite, parkingSuite } from './parkingSuite.js';

const { test: pgTest, newSchema, connect } = onPostgres();
const clients: Client[] = [];
let schema: Promise<string> | undefined;
const client = async (): Promise<Client> => {
  const made = await connect(await (schema ??= newSchema()));
  clients.push(made);
  return made;
};
const closing = (name: string, body: () => Promise<void>): void =>
  pgTest(name, async () => {
    try {
      await body();
    } finally {
      await Promise.all(clients.splice(0).map(each => each.end()));
    }
  });

const underTest = async (table: string): Promise<ParkingUnderTest> => ({
  parking: sqlParking<ParkedTestEvent>({ client: await client(), table }),
  reopen: () => underTest(table),
  close: async () => undefined,
});

describe('the contract', () => parkingContract({ test: closing, open: () => underTest(newTable()) }));
parkingSuite(closing, client);
parkingPairSuite(closing, client);

closing('B22l a lost connection rejects with the error of the driver', async () => {
  const lost = await client();
  const parking = sqlParking<number>({ client: lost, table: newTable() });
  await parking.park([1], 'no', { subscriber: 's', key: 'k', most: 5 });
  await (
    await client()
  ).query('select pg_terminate_backend($1)', [(lost as unknown as { processID: number }).processID]);
  await expect(parking.park([2], 'no', { subscriber: 's', key: 'k', most: 5 })).rejects.toThrow();
});

test.each([
  [() => sqlParking({} as never), 'client: expected one connection'],
  [() => sqlParking({ client: {} as never }), 'client: expected one connection'],
  [() => sqlParking({ client: { query: async () => ({ rows: [] }) }, table: '' }), 'table: expected a name'],
])('B22l invalid options %#', (call, message) => {
  expect(call).toThrow(message);
});
