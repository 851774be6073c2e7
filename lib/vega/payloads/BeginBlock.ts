import type * as t from 'io-ts';
import { text } from '../wire/contents.js';
import { message } from '../wire/message.js';
import { count, int64 } from '../wire/scalars.js';

/** A block begins: its height, its time in Unix ns, its hash in lower case. */
export const BeginBlock = message('BeginBlock', {
  height: count(1),
  timestamp: int64(2),
  hash: text(3),
});
export type BeginBlock = t.TypeOf<typeof BeginBlock>;
