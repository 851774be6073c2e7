import type { NextObserver } from 'rxjs';
import type { Overflow } from '../contract/Delivery.js';
import type { Gap } from '../contract/Gap.js';
import type { Notice } from '../contract/Notice.js';

/**
 * Options of `fromPush`.
 * @see node_modules/rx-event-broker/docs/operators/fromPush.md
 */
export interface FromPushOptions<T> {
  /** The most values that wait while the consumer is full. Default 1024; 0 is allowed. */
  readonly capacity?: number;
  /** The most bytes that wait, in addition to `capacity`. 0 is allowed. Needs `sizeOf`. Default: no bound in bytes. */
  readonly capacityBytes?: number;
  /**
   * Returns the size of a value in bytes; called when the value is pushed. If it throws, or returns anything but a number of
   * at least 0, the value is lost and reported as `Failed` (promise B18). Default: none.
   */
  readonly sizeOf?: (value: NoInfer<T>) => number;
  /** Which value is dropped when the buffer is full. Default `dropNewest`. */
  readonly overflow?: Overflow;
  /** Called when the consumer is full, to pause the producer. Values that it still pushes are buffered. Default: no pause. */
  readonly pause?: () => void;
  /** Called when the consumer is not full and the buffer is empty, to resume the producer. */
  readonly resume?: () => void;
  /** Called with a summary of the dropped values, before the next value (promise B3). */
  readonly missed?: (gap: Gap<NoInfer<T>>) => void;
  /** A name for notices. Default `fromPush`. */
  readonly name?: string;
  /** Receives `Dropped` and `Failed`. Default: none; failures go to `console.error`. */
  readonly notices?: NextObserver<Notice<NoInfer<T>>>;
}
