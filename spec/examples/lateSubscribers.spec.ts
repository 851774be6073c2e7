import { expect, test } from '@jest/globals';
import { main } from '../../examples/late-subscribers/main.js';
import { lines } from './lines.js';

test('B21d B21k a page gets the state first; a client that was away too long is notified, and gets everything', async () => {
  const { print, printed } = lines();
  await main(print);
  expect(printed).toEqual([
    'page: ETH 50, BTC 101',
    'page: ETH 51',
    'client: back after 3',
    '  4: BTC 104',
    '  5: BTC 105',
    'client: back after 1',
    '  expired: reload what you show',
    '  3: BTC 103',
    '  4: BTC 104',
    '  5: BTC 105',
  ]);
});
