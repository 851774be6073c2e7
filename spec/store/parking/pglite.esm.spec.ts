import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, jest, test } from '@jest/globals';
import { sqlParking } from '../../../lib/store/parking/sqlParking.js';
import { parkingContract } from '../../../lib/testing/parkingContract.js';
import type { ParkedTestEvent, ParkingUnderTest } from '../../../lib/testing/ParkingUnderTest.js';
import { newTable, parkingSuite } from './parkingSuite.js';

// real databases, on machines that do other things besides
jest.setTimeout(30_000);

let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create();
}, 60_000);
afterAll(() => db.close());

const underTest = async (table: string): Promise<ParkingUnderTest> => ({
  parking: sqlParking<ParkedTestEvent>({ client: db, table }),
  reopen: () => underTest(table),
  close: async () => undefined,
});

describe('the contract', () => parkingContract({ test, open: () => underTest(newTable()) }));
parkingSuite(
  (name, body) => test(name, body),
  async () => db,
);
