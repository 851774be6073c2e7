import { expect, jest, test } from '@jest/globals';
import { newDatabase } from '../sql/database.js';
import { runKilledReaders } from './killing.js';

jest.setTimeout(120_000);

test('X3e X4b 20 readers killed in their work: no committed row is lost, and only unsettled ones come again', async () => {
  const database = await newDatabase();
  if (database === undefined) return;
  try {
    const { repeats, unsettled, rows, inWork } = await runKilledReaders(database, 20, Math.random);
    expect(repeats).toBeLessThanOrEqual(unsettled);
    expect(rows).toBeGreaterThan(20);
    expect(inWork).toBeGreaterThan(5);
  } finally {
    await database.drop();
  }
});
