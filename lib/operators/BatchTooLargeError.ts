import { seeDocs } from '../event/seeDocs.js';
import { shownText } from '../event/shown.js';

/**
 * `batchUntil` collected `maxSize` events, and the event that ends the batch did not arrive (promise B17).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#batchtoolargeerror
 */
export class BatchTooLargeError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'BatchTooLargeError';
  /** The type of event that ends a batch. */
  readonly until: string;
  /** The limit, in events. */
  readonly maxSize: number;

  constructor(until: string, maxSize: number) {
    super(
      seeDocs('BatchTooLargeError', `batchUntil: expected a ${shownText(until)} within ${maxSize} events, found none`),
    );
    this.until = until;
    this.maxSize = maxSize;
  }
}
