import type * as t from 'io-ts';
import { text } from '../wire/contents.js';
import { message } from '../wire/message.js';
import { int64 } from '../wire/scalars.js';

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
