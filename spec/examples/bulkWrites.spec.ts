import { expect, test } from '@jest/globals';
import { main } from '../../examples/bulk-writes/main.js';
import { lines } from './lines.js';

test('B23b B23d B23e sends full requests and the rest at the end, and retries a rejected request unchanged', async () => {
  const { print, printed } = lines();
  await main(print);
  expect(printed).toEqual([
    'requests of 100, 100, 100, 100, 50 readings; 1 was rejected, and retried',
    'the server has 450 rows, each once, in order',
  ]);
});
