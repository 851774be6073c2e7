import type * as t from 'io-ts';
import { message } from '../wire/message.js';
import { choice, count, int64 } from '../wire/scalars.js';

/** An epoch starts or ends. Times in Unix ns; negative where Go's zero time was sent. */
export const EpochEvent = message('EpochEvent', {
  seq: count(1),
  action: choice(2, 'unspecified', 'start', 'end'),
  startTime: int64(3),
  expireTime: int64(4),
  endTime: int64(5),
});
export type EpochEvent = t.TypeOf<typeof EpochEvent>;
