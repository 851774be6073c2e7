import { expect, test } from '@jest/globals';
import { main } from '../../examples/parking/main.js';
import { lines } from './lines.js';

test('B22 a payment that fails is parked, its account waits across a restart, and a replay pays in order', async () => {
  const { print, printed } = lines();
  await main(print);
  expect([...printed].sort()).toEqual(
    [
      ...['paid: Bob 200', 'parked: Ann 100', 'parked behind: Ann 300', 'restarted'],
      ...['parked behind: Ann 400', 'paid: Cid 500', 'replay'],
      ...['paid: Ann 100', 'paid: Ann 300', 'paid: Ann 400', 'left: 0'],
    ].sort(),
  );
  expect(printed.slice(-5)).toEqual(['replay', 'paid: Ann 100', 'paid: Ann 300', 'paid: Ann 400', 'left: 0']);
});
