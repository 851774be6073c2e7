import { describe, expect, test } from '@jest/globals';
import { manyClients } from './manyClients.js';
import { slowWorker } from './slowWorker.js';

const EVENTS = 400;
const MEBIBYTE = 2 ** 20;

describe('W2b, W3c a hundred clients, five of them stalled', () => {
  test.each(['sse', 'ws'] as const)(
    '%s: received and told is offered; the others miss nothing; memory stays',
    async over => {
      const sizes: number[] = [];
      const { offered, counts, droppedForOthers, droppedForStalled } = await manyClients({
        over,
        clients: 100,
        stalled: 5,
        stalledBytes: 64 * 1024,
        pace: async n => {
          // a turn for each event: who reads is never behind
          for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve));
          return n <= EVENTS;
        },
        measured: bytes => sizes.push(bytes),
      });
      expect(offered).toBe(EVENTS);
      expect(counts.map(({ received, missed }) => received + missed)).toEqual(counts.map(() => EVENTS));
      expect(counts.every(({ disorder }) => disorder === 0)).toBe(true);
      expect(droppedForOthers).toBe(0);
      expect(counts.slice(5).every(({ received }) => received === EVENTS)).toBe(true);
      expect(droppedForStalled).toBeGreaterThan(0);
      // five clients hold a frame and a socket's buffer each; the plain version holds 5 × 400 × 64 KiB, 125 MiB
      expect(Math.max(...sizes) - sizes[0]!).toBeLessThan(60 * MEBIBYTE);
    },
  );
});

test('W6d a slow worker: received and reported events add up to those offered', async () => {
  const { offered, received, missed } = await slowWorker(async n => {
    if (n % 100 === 0) await new Promise(resolve => setImmediate(resolve));
    return n <= 20_000;
  });
  expect(received + missed).toBe(offered);
  expect(received).toBeGreaterThan(100);
  expect(missed).toBeGreaterThan(0);
});
