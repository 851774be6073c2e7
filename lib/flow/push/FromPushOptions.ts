import type { NextObserver } from 'rxjs';
import type { Overflow } from '../contract/Delivery.js';
import type { Gap } from '../contract/Gap.js';
import type { Notice } from '../contract/Notice.js';

/**
 * Options of `fromPush`.
 * @see node_modules/rx-event-broker/docs/operators/fromPush.md
 */
export interface FromPushOptions<T> {
  /** Values that may wait while the consumer is full. Default 1024; 0 is allowed. */
  readonly capacity?: number;
  /** Bytes that may wait; both bounds hold. 0 is allowed. Needs `sizeOf`. Default: bytes do not count. */
  readonly capacityBytes?: number;
  /**
   * The bytes of a value, called when it is pushed. A value of which it throws, or returns no number of 0 or more, is lost
   * and reported as `Failed` (promise B18). Default: none.
   */
  readonly sizeOf?: (value: NoInfer<T>) => number;
  /** Which value is dropped when the buffer is full. Default `dropNewest`. */
  readonly overflow?: Overflow;
  /** Asks what pushes to wait, because the consumer is full. What it still pushes waits in the buffer. Default: it cannot wait. */
  readonly pause?: () => void;
  /** Asks it to go on: the consumer is not full, and nothing waits. */
  readonly resume?: () => void;
  /** Called with the values that were dropped, before the value after them (promise B3). */
  readonly missed?: (gap: Gap<NoInfer<T>>) => void;
  /** A name for notices. Default `fromPush`. */
  readonly name?: string;
  /** Receives `Dropped` and `Failed`. Default: none; failures go to `console.error`. */
  readonly notices?: NextObserver<Notice<NoInfer<T>>>;
}
