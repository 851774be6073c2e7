import { seeDocs } from '../../event/seeDocs.js';

/**
 * Too many bytes wait to be sent, from a source that cannot be paused. Use one that can: `pause$ => …`.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#sendbufferfullerror
 */
export class SendBufferFullError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'SendBufferFullError';
  /** The bytes that wait. */
  readonly pendingBytes: number;
  /** The limit, in bytes. */
  readonly maxPendingBytes: number;

  constructor(pendingBytes: number, maxPendingBytes: number) {
    super(
      seeDocs(
        'SendBufferFullError',
        `expected at most ${maxPendingBytes} bytes that wait to be sent, found ${pendingBytes} and more to come; give a source that can be paused`,
      ),
    );
    this.pendingBytes = pendingBytes;
    this.maxPendingBytes = maxPendingBytes;
  }
}
