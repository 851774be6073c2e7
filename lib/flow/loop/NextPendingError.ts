import { seeDocs } from '../../event/seeDocs.js';

/**
 * `next()` was called while the previous call was pending. A loop asks for one value at a time: asking for the next one
 * means that the previous one has been processed (promise I2).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#nextpendingerror
 */
export class NextPendingError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'NextPendingError';

  constructor() {
    super(seeDocs('NextPendingError', 'next() was called while the previous next() was pending; await that first'));
  }
}
