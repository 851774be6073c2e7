import { seeDocs } from '../../event/seeDocs.js';

/** Nobody could be dialled for too long (promise N4). The last attempt's error is the cause. */
export class DialTimeoutError extends Error {
  override readonly name = 'DialTimeoutError';
  readonly peer: string;
  /** Milliseconds. */
  readonly dialTimeout: number;

  constructor(peer: string, dialTimeout: number, cause: unknown) {
    super(seeDocs('DialTimeoutError', `${peer}: expected a connection within ${dialTimeout} ms, found none`), {
      cause,
    });
    this.peer = peer;
    this.dialTimeout = dialTimeout;
  }
}
