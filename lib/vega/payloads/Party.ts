import type * as t from 'io-ts';
import { text } from '../wire/contents.js';
import { message } from '../wire/message.js';

/** A party. */
export const Party = message('Party', {
  id: text(1),
});
export type Party = t.TypeOf<typeof Party>;
