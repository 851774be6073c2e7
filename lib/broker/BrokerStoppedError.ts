import { seeDocs } from '../event/seeDocs.js';

/** A required delivery failed for good, and its subscriber's `onFailure` is `stop` (promise B10). */
export class BrokerStoppedError extends Error {
  override readonly name = 'BrokerStoppedError';
  /** The subscriber whose delivery failed. */
  readonly subscriber: string;

  constructor(subscriber: string, cause: unknown) {
    const found = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(
      seeDocs('BrokerStoppedError', `required subscriber ${subscriber}: expected its work to succeed, found ${found}`),
      { cause },
    );
    this.subscriber = subscriber;
  }
}
