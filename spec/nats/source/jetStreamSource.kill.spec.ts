import { describe, expect, jest, test as jestTest } from '@jest/globals';
import { natsBinary } from '../natsBinary.js';
import { runKilledReaders } from './killing.js';

jest.setTimeout(120_000);
const binary = natsBinary('spec/nats/source/jetStreamSource.kill');
const test = binary === undefined ? jestTest.skip : jestTest;

describe('J4 kills', () => {
  test('J4a 8 kills of the reader at random, some of the server: nothing is lost, and only messages after the stored position come again', async () => {
    let state = 20_261_129;
    const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
    const killed = await runKilledReaders(binary!, { kills: 8, serverKills: 2, random });
    expect(killed.messages).toBeGreaterThan(300);
    expect(killed.inWork).toBeGreaterThan(0);
    expect(killed.repeats).toBeGreaterThan(0);
    expect(killed.serverKills).toBeGreaterThan(0);
    expect(killed.repeats).toBeLessThanOrEqual(killed.unstored);
  });
});
