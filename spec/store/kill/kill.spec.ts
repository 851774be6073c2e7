import { expect, jest, test } from '@jest/globals';
import { newDatabase } from '../sql/database.js';
import { STEPS } from './killChain.js';
import { killsFor, runKilled } from './killing.js';

jest.setTimeout(120_000);

test('S11a killed at every step of a block’s life, and between the first two: each block is stored once', async () => {
  const database = await newDatabase();
  if (database === undefined) return;
  const client = await database.connect();
  try {
    const kills = killsFor(20, Math.random);
    const { met } = await runKilled(database.url, client, kills);
    kills.forEach((kill, i) => {
      if (kill.afterMs === undefined) expect(met[i]).toBe(kill.at);
    });
    const steps = new Set(met.map(where => where.replace(/ \d+ \w+$/, '')));
    expect([...steps]).toEqual(expect.arrayContaining([...STEPS]));
    expect(met[0]).toBe('emitted 1 ee1');
  } finally {
    await client.end();
    await database.drop();
  }
});
