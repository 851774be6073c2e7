import type * as t from 'io-ts';
import { message } from '../wire/message.js';
import { choice, count, int64 } from '../wire/scalars.js';

/**
 * The codec of this payload. An epoch starts or ends. Times are in Unix ns; negative if Go's zero time was sent.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const EpochEvent = message('EpochEvent', {
  seq: count(1),
  action: choice(2, 'unspecified', 'start', 'end'),
  startTime: int64(3),
  expireTime: int64(4),
  endTime: int64(5),
});
/**
 * An epoch starts or ends. Times are in Unix ns; negative if Go's zero time was sent.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type EpochEvent = t.TypeOf<typeof EpochEvent>;
