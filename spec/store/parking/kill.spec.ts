import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { newDatabase } from '../sql/database.js';
import { killParkings } from './killing.js';

// twelve programs, on machines that do other things besides
jest.setTimeout(120_000);

test('B22i B22k 12 programs killed while they park and replay a folder: nothing is lost, and order is kept', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rx-event-broker-parking-'));
  try {
    const { parked, inWork } = await killParkings(folder, 12, Math.random);
    expect(parked).toBeGreaterThan(20);
    expect(inWork).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('B22i B22l the same with a table', async () => {
  const database = await newDatabase();
  if (database === undefined) return;
  try {
    const { parked, inWork } = await killParkings(database.url, 12, Math.random);
    expect(parked).toBeGreaterThan(20);
    expect(inWork).toBeGreaterThan(0);
  } finally {
    await database.drop();
  }
});
