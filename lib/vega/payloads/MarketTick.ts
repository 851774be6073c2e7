import type * as t from 'io-ts';
import { text } from '../wire/contents.js';
import { message } from '../wire/message.js';
import { int64 } from '../wire/scalars.js';

/** A market's clock. Its `time` is in Unix **seconds**. */
export const MarketTick = message('MarketTick', {
  id: text(1),
  time: int64(2),
});
export type MarketTick = t.TypeOf<typeof MarketTick>;
