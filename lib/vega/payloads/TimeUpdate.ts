import type * as t from 'io-ts';
import { message } from '../wire/message.js';
import { int64 } from '../wire/scalars.js';

/** The time of the block, in Unix ns. */
export const TimeUpdate = message('TimeUpdate', {
  timestamp: int64(1),
});
export type TimeUpdate = t.TypeOf<typeof TimeUpdate>;
