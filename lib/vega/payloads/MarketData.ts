import type * as t from 'io-ts';
import { text } from '../wire/contents.js';
import { message } from '../wire/message.js';
import { int64, uint64 } from '../wire/scalars.js';

/**
 * The codec of this payload. The state of a market at the end of a block. Prices are decimal strings, times are in Unix
 * ns.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const MarketData = message('MarketData', {
  markPrice: text(1),
  bestBidPrice: text(2),
  bestBidVolume: uint64(3),
  bestOfferPrice: text(4),
  bestOfferVolume: uint64(5),
  midPrice: text(10),
  market: text(12),
  timestamp: int64(13),
  openInterest: uint64(14),
  nextMarkToMarket: int64(28),
});
/**
 * The state of a market at the end of a block. Prices are decimal strings, times are in Unix ns.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type MarketData = t.TypeOf<typeof MarketData>;
