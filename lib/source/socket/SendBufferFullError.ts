import { seeDocs } from '../../event/seeDocs.js';

/** Too much waits to be sent, from a source that cannot be paused. Give one that can: `pause$ => …`. */
export class SendBufferFullError extends Error {
  override readonly name = 'SendBufferFullError';
  /** Bytes that wait. */
  readonly pendingBytes: number;
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
