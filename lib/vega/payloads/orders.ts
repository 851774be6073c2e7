import type * as t from 'io-ts';
import { text, texts } from '../wire/contents.js';
import { message } from '../wire/message.js';
import { choice, int64, uint64 } from '../wire/scalars.js';

/**
 * The codec of this payload. The current state of an order. Times are in Unix ns, sizes go up to 2^64 - 1, the price is
 * a decimal string.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
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
/**
 * The current state of an order. Times are in Unix ns, sizes go up to 2^64 - 1, the price is a decimal string.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type Order = t.TypeOf<typeof Order>;

/**
 * The codec of this payload. Orders that expired together. The event stands for as many records as it has order ids.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const ExpiredOrders = message('ExpiredOrders', {
  marketId: text(1),
  orderIds: texts(2),
});
/**
 * Orders that expired together. The event stands for as many records as it has order ids.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type ExpiredOrders = t.TypeOf<typeof ExpiredOrders>;

/**
 * The codec of this payload. Orders that were cancelled together. The event stands for as many records as it has order
 * ids, which may be none.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const CancelledOrders = message('CancelledOrders', {
  marketId: text(1),
  partyId: text(2),
  orderIds: texts(3),
});
/**
 * Orders that were cancelled together. The event stands for as many records as it has order ids, which may be none.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type CancelledOrders = t.TypeOf<typeof CancelledOrders>;
