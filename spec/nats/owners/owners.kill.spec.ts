import { afterAll, beforeAll, describe, expect, jest, test as jestTest } from '@jest/globals';
import { random } from '../../../examples/market/random.js';
import { type Database, newDatabase } from '../../store/sql/database.js';
import { natsBinary } from '../natsBinary.js';
import { killOwners } from './killOwners.js';
import { STEPS, troublesOf } from './troubles.js';

jest.setTimeout(300_000);
const binary = natsBinary('spec/nats/owners');
const test = binary === undefined ? jestTest.skip : jestTest;

describe('J4 J10 partitions in SQL', () => {
  let database: Database | undefined;
  beforeAll(async () => {
    database = await newDatabase();
  });
  afterAll(() => database?.drop());

  test('J4c, J10e owners killed at each step, at random, together with the server, and frozen past their lease: each row once, in order', async () => {
    if (database === undefined) return;
    const troubles = troublesOf(16);
    const { int } = random(20_261_129);
    const { blocks, met, refused, taken } = await killOwners({
      binary: binary!,
      database,
      troubles,
      random: () => int(1_000_000) / 1_000_000,
      leaseFor: 2500,
    });
    for (const step of STEPS) expect(met.get(`killed at ${step}`)).toBe(1);
    expect(met.get('killed beside the server')).toBe(1);
    expect(met.get('killed')).toBe(1);
    // one that wakes up before its last statement is refused; one that wakes up after it has lost its connection
    expect(met.get('frozen at before move')).toBe(1);
    expect(met.get('frozen at moved')).toBe(1);
    expect(refused.get('FencedError')).toBeGreaterThanOrEqual(1);
    expect(taken).toBeGreaterThan(troubles.length);
    expect(blocks).toBeGreaterThan(troubles.length);
  });
});
