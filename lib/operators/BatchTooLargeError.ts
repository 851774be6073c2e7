import { seeDocs } from '../event/seeDocs.js';
import { shownText } from '../event/shown.js';

/** `batchUntil` has collected more than it may, and the event that ends the batch has not come (promise B17). */
export class BatchTooLargeError extends Error {
  override readonly name = 'BatchTooLargeError';
  readonly until: string;
  readonly maxSize: number;

  constructor(until: string, maxSize: number) {
    super(
      seeDocs(
        'BatchTooLargeError',
        `expected a ${shownText(until)} within ${String(maxSize)} events, found another event first`,
      ),
    );
    this.until = until;
    this.maxSize = maxSize;
  }
}
