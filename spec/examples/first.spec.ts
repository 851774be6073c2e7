import { expect, test } from '@jest/globals';
import { main } from '../../examples/first/main.js';
import { lines } from './lines.js';

test('B1, B2, B4 the first broker serves both inside send, each with the types it asked for', () => {
  const { print, printed } = lines();
  main(print);
  expect(printed).toEqual(['save RX 42', 'show Price of RX', 'show Halt of RX']);
});
