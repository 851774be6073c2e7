import { seeDocs } from '../event/seeDocs.js';

/**
 * A branch subscribed to a fan-out whose round is already running, so it would miss the beginning (promise F2).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#fanoutstartederror
 */
export class FanOutStartedError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'FanOutStartedError';
  /** Branches in the running round. */
  readonly present: number;
  /** How many branches the fan-out has. */
  readonly expectedSubscribers: number;

  constructor(present: number, expectedSubscribers: number) {
    const branches = `${present} of ${expectedSubscribers} branches`;
    const message = `fan-out: a round is already running with ${branches}; a branch can only join before it begins`;
    super(seeDocs('FanOutStartedError', message));
    this.present = present;
    this.expectedSubscribers = expectedSubscribers;
  }
}
