import { seeDocs } from '../event/seeDocs.js';
import { shownError } from '../event/shown.js';

/** A required delivery failed for good, and its subscriber's `onFailure` is `stop` (promise B10). */
export class BrokerStoppedError extends Error {
  override readonly name = 'BrokerStoppedError';
  /** The subscriber whose delivery failed. */
  readonly subscriber: string;

  constructor(subscriber: string, cause: unknown) {
    super(
      seeDocs(
        'BrokerStoppedError',
        `required subscriber ${subscriber}: expected its work to succeed, found ${shownError(cause)}`,
      ),
      { cause },
    );
    this.subscriber = subscriber;
  }
}
