import { expect, test } from '@jest/globals';
import { main } from '../../examples/outbox/main.js';
import { lines } from './lines.js';

test('outbox: sent messages are deleted, failed ones are sent after a restart, rolled back ones never', async () => {
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
