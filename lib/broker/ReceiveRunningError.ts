import { seeDocs } from '../event/seeDocs.js';

/**
 * A second `receive` was subscribed while one is running: a broker receives from one source at a time (promise B11).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#receiverunningerror
 */
export class ReceiveRunningError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'ReceiveRunningError';

  constructor() {
    super(
      seeDocs(
        'ReceiveRunningError',
        'receive: the broker is already receiving from another source; merge the sources, or use a broker for each',
      ),
    );
  }
}
