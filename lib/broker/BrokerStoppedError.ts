import { seeDocs } from '../event/seeDocs.js';
import { shownError } from '../event/shown.js';

/**
 * A required delivery failed for good and stopped the broker, since `onFailure` of its subscriber is `stop` (promise
 * B10). `cause` is the error of that delivery.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#brokerstoppederror
 */
export class BrokerStoppedError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'BrokerStoppedError';
  /** The name of the subscriber whose delivery failed. */
  readonly subscriber: string;

  constructor(subscriber: string, cause: unknown) {
    super(
      seeDocs(
        'BrokerStoppedError',
        `required subscriber ${subscriber} failed and stopped the broker: ${shownError(cause)}`,
      ),
      { cause },
    );
    this.subscriber = subscriber;
  }
}
