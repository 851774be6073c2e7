import { expect, test } from '@jest/globals';
import { main } from '../../examples/latest-prices/main.js';
import { lines } from './lines.js';

test('B19f a drawing has the latest price of each symbol, and knows how many it replaces', async () => {
  const { print, printed } = lines();
  await main(print);
  expect(printed).toEqual([
    'draws BTC 100; 0 older ones are not drawn',
    'draws BTC 120, ETH 50; 19 older ones are not drawn',
    'screen: 3 of 22 prices drawn, 19 superseded',
  ]);
});
