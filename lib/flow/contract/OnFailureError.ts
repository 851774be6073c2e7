import { seeDocs } from '../../event/seeDocs.js';
import { shownError } from '../../event/shown.js';

/**
 * The work of `onFailure` failed for good, too, so the failed delivery stops its consumer (promise B22e). `cause` is the
 * error of `onFailure`; `error` is that of the delivery.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#onfailureerror
 */
export class OnFailureError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'OnFailureError';
  /** The name of the subscriber. */
  readonly subscriber: string;
  /** The error of the delivery; `undefined` if it was not attempted. */
  readonly error: unknown;

  constructor(subscriber: string, error: unknown, cause: unknown, hasFailed = true) {
    const after = hasFailed
      ? `, after the delivery had failed: ${shownError(error)}`
      : ', before the delivery was tried';
    super(seeDocs('OnFailureError', `${subscriber}: onFailure failed: ${shownError(cause)}${after}`), { cause });
    this.subscriber = subscriber;
    this.error = error;
  }
}
