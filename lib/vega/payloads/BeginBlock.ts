import type * as t from 'io-ts';
import { text } from '../wire/contents.js';
import { message } from '../wire/message.js';
import { count, int64 } from '../wire/scalars.js';

/**
 * The codec of this payload. The first event of a block: its height, its time in Unix ns, its hash in lower case.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const BeginBlock = message('BeginBlock', {
  height: count(1),
  timestamp: int64(2),
  hash: text(3),
});
/**
 * The first event of a block: its height, its time in Unix ns, its hash in lower case.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type BeginBlock = t.TypeOf<typeof BeginBlock>;
