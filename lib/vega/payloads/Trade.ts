import type * as t from 'io-ts';
import { text } from '../wire/contents.js';
import { message } from '../wire/message.js';
import { choice, int64, uint64 } from '../wire/scalars.js';

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
