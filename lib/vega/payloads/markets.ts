import type * as t from 'io-ts';
import { text, bytes } from '../wire/contents.js';
import { message } from '../wire/message.js';
import { int64, uint64, choice } from '../wire/scalars.js';

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

/**
 * The codec of this payload. The clock of a market. Its `time` is in Unix **seconds**.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const MarketTick = message('MarketTick', {
  id: text(1),
  time: int64(2),
});
/**
 * The clock of a market. Its `time` is in Unix **seconds**.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type MarketTick = t.TypeOf<typeof MarketTick>;

/**
 * The codec of this payload. Two orders were matched. `timestamp` is in Unix ns, the price is a decimal string.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const Trade = message('Trade', {
  id: text(1),
  marketId: text(2),
  price: text(3),
  size: uint64(4),
  buyer: text(5),
  seller: text(6),
  aggressor: choice(7, 'unspecified', 'buy', 'sell'),
  buyOrder: text(8),
  sellOrder: text(9),
  timestamp: int64(10),
  type: choice(11),
});
/**
 * Two orders were matched. `timestamp` is in Unix ns, the price is a decimal string.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type Trade = t.TypeOf<typeof Trade>;

/**
 * The codec of this payload. An asset. Its `details` are bytes: a message that this library does not decode.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const Asset = message('Asset', {
  id: text(1),
  details: bytes(2),
  status: choice(3),
});
/**
 * An asset. Its `details` are bytes: a message that this library does not decode.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type Asset = t.TypeOf<typeof Asset>;
