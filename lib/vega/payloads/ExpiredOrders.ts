import type * as t from 'io-ts';
import { text, texts } from '../wire/contents.js';
import { message } from '../wire/message.js';

/** Orders that expired at once. It stands for as many records as it has order ids. */
export const ExpiredOrders = message('ExpiredOrders', {
  marketId: text(1),
  orderIds: texts(2),
});
export type ExpiredOrders = t.TypeOf<typeof ExpiredOrders>;
