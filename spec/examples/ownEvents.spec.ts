import { expect, test } from '@jest/globals';
import { main } from '../../examples/own-events/main.js';
import { lines } from './lines.js';

test('E1 valid events arrive, and others are rejected with the place, what was expected and what was found', async () => {
  const { print, printed } = lines();
  await main(print);
  expect(printed.map(line => line.replace(/ \(\S*#decodeerror\)$/, ''))).toEqual([
    'ordered o-1: 3 things',
    'invalid: lines.0.count: expected number, found "two"',
    'invalid: message: expected (Ordered | Cancelled), found {"type":"Returned","id":"o-1"}',
    'invalid: message: expected JSON in UTF-8, found 5 bytes that are not',
    'cancelled o-1 by the customer',
    '2 of 5 were events',
  ]);
});
