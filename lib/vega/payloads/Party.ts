import type * as t from 'io-ts';
import { text } from '../wire/contents.js';
import { message } from '../wire/message.js';

/**
 * The codec of this payload. A party: its id.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const Party = message('Party', {
  id: text(1),
});
/**
 * A party: its id.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type Party = t.TypeOf<typeof Party>;
