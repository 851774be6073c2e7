import { expect, test } from '@jest/globals';
import { main } from '../../examples/payments/main.js';
import { lines } from './lines.js';

test('B20b eight payments at a time, one for each account, each account in order', async () => {
  const { print, printed } = lines();
  await main(print);
  expect(printed).toEqual(['60 payments booked', 'at most 8 at a time, 1 of one account', 'each account: 1 2 3 4 5 6']);
});
