import { seeDocs } from '../../event/seeDocs.js';

/**
 * Nothing was received for more than `maxReceiveTimeouts` times `receiveTimeout` in a row (promise N3).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#receivetimeouterror
 */
export class ReceiveTimeoutError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'ReceiveTimeoutError';
  /** The length of one timeout, in ms. */
  readonly receiveTimeout: number;
  /** How many in a row are allowed. */
  readonly maxReceiveTimeouts: number;

  constructor(receiveTimeout: number, maxReceiveTimeouts: number) {
    super(
      seeDocs(
        'ReceiveTimeoutError',
        `expected at most ${maxReceiveTimeouts} receive timeouts of ${receiveTimeout} ms in a row, found ${maxReceiveTimeouts + 1}`,
      ),
    );
    this.receiveTimeout = receiveTimeout;
    this.maxReceiveTimeouts = maxReceiveTimeouts;
  }
}
