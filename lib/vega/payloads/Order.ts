import type * as t from 'io-ts';
import { text } from '../wire/contents.js';
import { message } from '../wire/message.js';
import { choice, int64, uint64 } from '../wire/scalars.js';

/** An order as it is now. Times in Unix ns, sizes up to 2^64 - 1, the price a decimal string. */
export const Order = message('Order', {
  id: text(1),
  marketId: text(2),
  partyId: text(3),
  side: choice(4, 'unspecified', 'buy', 'sell'),
  price: text(5),
  size: uint64(6),
  remaining: uint64(7),
  timeInForce: choice(8),
  type: choice(9, 'unspecified', 'limit', 'market', 'network'),
  createdAt: int64(10),
  status: choice(
    11,
    'unspecified',
    'active',
    'expired',
    'cancelled',
    'stopped',
    'filled',
    'rejected',
    'partiallyFilled',
    'parked',
  ),
  expiresAt: int64(12),
  reference: text(13),
  updatedAt: int64(15),
  version: uint64(16),
});
export type Order = t.TypeOf<typeof Order>;
