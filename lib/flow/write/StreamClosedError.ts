import { seeDocs } from '../../event/seeDocs.js';

/**
 * A stream was ended or destroyed before a value was written to it (promise I5).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#streamclosederror
 */
export class StreamClosedError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'StreamClosedError';

  constructor() {
    super(seeDocs('StreamClosedError', 'the stream is closed: nothing can be written to it'));
  }
}
