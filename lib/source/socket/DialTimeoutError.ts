import { seeDocs } from '../../event/seeDocs.js';

/**
 * No connection was made within `dialTimeout` (promise N4). `cause` is the error of the last attempt.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#dialtimeouterror
 */
export class DialTimeoutError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'DialTimeoutError';
  /** The address that was dialled. */
  readonly peer: string;
  /** The limit, in ms. */
  readonly dialTimeout: number;

  constructor(peer: string, dialTimeout: number, cause: unknown) {
    super(seeDocs('DialTimeoutError', `${peer}: expected a connection within ${dialTimeout} ms, found none`), {
      cause,
    });
    this.peer = peer;
    this.dialTimeout = dialTimeout;
  }
}
