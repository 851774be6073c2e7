import type * as t from 'io-ts';
import { message } from '../wire/message.js';
import { int64 } from '../wire/scalars.js';

/**
 * The codec of this payload. The time of the block, in Unix ns.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const TimeUpdate = message('TimeUpdate', {
  timestamp: int64(1),
});
/**
 * The time of the block, in Unix ns.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type TimeUpdate = t.TypeOf<typeof TimeUpdate>;
