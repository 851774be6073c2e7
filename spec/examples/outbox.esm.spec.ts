import { expect, test } from '@jest/globals';
import { main } from '../../examples/outbox/main.js';
import { lines } from './lines.js';

test('outbox: what was sent is deleted, what failed is sent after a restart, what was rolled back never', async () => {
  const { print, printed } = lines();
  await main(print);
  expect(printed).toEqual([
    '2 in the outbox',
    'sent ordered: tea',
    'failed: BrokerStoppedError',
    '1 in the outbox',
    'after a restart',
    'sent ordered: cake',
    '0 in the outbox',
  ]);
});
