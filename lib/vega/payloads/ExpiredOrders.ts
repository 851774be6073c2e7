import type * as t from 'io-ts';
import { text, texts } from '../wire/contents.js';
import { message } from '../wire/message.js';

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
