import type * as t from 'io-ts';
import { message } from '../wire/message.js';
import { count } from '../wire/scalars.js';

/**
 * The codec of this payload. The last event of a block: its height.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const EndBlock = message('EndBlock', {
  height: count(1),
});
/**
 * The last event of a block: its height.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type EndBlock = t.TypeOf<typeof EndBlock>;
