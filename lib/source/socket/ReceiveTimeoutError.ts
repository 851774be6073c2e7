import { seeDocs } from '../../event/seeDocs.js';

/** Nothing was received for too long: more than `maxReceiveTimeouts` times `receiveTimeout` ms in a row (promise N3). */
export class ReceiveTimeoutError extends Error {
  override readonly name = 'ReceiveTimeoutError';
  /** Milliseconds. */
  readonly receiveTimeout: number;
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
