import { seeDocs } from '../event/seeDocs.js';

/**
 * More than `expectedSubscribers` branches subscribed to a fan-out (promise F2).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#fanoutfullerror
 */
export class FanOutFullError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'FanOutFullError';
  /** How many branches the fan-out has. */
  readonly expectedSubscribers: number;

  constructor(expectedSubscribers: number) {
    const expected = String(expectedSubscribers);
    super(
      seeDocs(
        'FanOutFullError',
        `fan-out: all branches have subscribed already; expectedSubscribers is ${expected}, raise it for one more branch`,
      ),
    );
    this.expectedSubscribers = expectedSubscribers;
  }
}
