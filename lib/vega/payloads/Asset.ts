import type * as t from 'io-ts';
import { bytes, text } from '../wire/contents.js';
import { message } from '../wire/message.js';
import { choice } from '../wire/scalars.js';

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
