import type * as t from 'io-ts';
import { text, texts } from '../wire/contents.js';
import { message } from '../wire/message.js';

/** Orders cancelled at once. It stands for as many records as it has order ids, which may be none. */
export const CancelledOrders = message('CancelledOrders', {
  marketId: text(1),
  partyId: text(2),
  orderIds: texts(3),
});
export type CancelledOrders = t.TypeOf<typeof CancelledOrders>;
