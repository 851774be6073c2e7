import type * as t from 'io-ts';
import { text, texts } from '../wire/contents.js';
import { message } from '../wire/message.js';

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
