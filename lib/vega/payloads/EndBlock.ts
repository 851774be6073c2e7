import type * as t from 'io-ts';
import { message } from '../wire/message.js';
import { count } from '../wire/scalars.js';

/** A block ends. */
export const EndBlock = message('EndBlock', {
  height: count(1),
});
export type EndBlock = t.TypeOf<typeof EndBlock>;
