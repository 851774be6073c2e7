import { expect, test } from '@jest/globals';
import { main } from '../../examples/slow-and-fast/main.js';
import { lines } from './lines.js';

test('B1, B3, B12 the ledger has everything, the chart knows what it missed, few waited', async () => {
  const { print, printed } = lines();
  await main(print);

  const drawn = printed.filter(line => line.startsWith('chart: trade')).length;
  const gaps = printed.flatMap(line => /^chart: missed (\d+), from \d+ to \d+$/.exec(line)?.[1] ?? []);
  const missed = gaps.reduce((sum, count) => sum + Number(count), 0);
  expect(gaps).not.toEqual([]);
  expect(drawn + missed).toBe(40);
  expect(printed.slice(-3)).toEqual([
    'ledger: 40 of 40 delivered, 0 dropped',
    `chart: ${drawn} of 40 delivered, ${missed} dropped`,
    "the ledger's order: kept; at most 4 waited for it",
  ]);
});
