import type * as t from 'io-ts';
import { bytes, text } from '../wire/contents.js';
import { message } from '../wire/message.js';
import { choice } from '../wire/scalars.js';

/** An asset. Its `details` are a message that this library does not look into: bytes. */
export const Asset = message('Asset', {
  id: text(1),
  details: bytes(2),
  status: choice(3),
});
export type Asset = t.TypeOf<typeof Asset>;
