import { expect, test } from '@jest/globals';
import { main } from '../../examples/bulk-writes/main.js';
import { lines } from './lines.js';

test('B23b B23d B23e full requests, the rest at the end, and a refused one is tried again as it was', async () => {
  const { print, printed } = lines();
  await main(print);
  expect(printed).toEqual([
    'requests of 100, 100, 100, 100, 50 readings; 1 was refused, and tried again',
    'the server has 450 rows, each once, in order',
  ]);
});
