import { expect, test } from '@jest/globals';
import { main } from '../../examples/retry-and-dead-letters/main.js';
import { lines } from './lines.js';

test('B1, B10 a payment is retried in place; one that fails for good is a dead letter, and the next one follows', async () => {
  const { print, printed } = lines();
  await main(print);
  expect(printed).toEqual([
    ...['bank: rent', 'bank: tea', 'bank: tea', 'bank: gift', 'bank: gift', 'bank: gift'],
    'dead letter: {"type":"Payment","id":"gift","cents":-1} after 3 attempts: Error: expected cents from 0, found -1',
    'bank: books',
    'bank: 3 delivered, 1 failed',
  ]);
});
