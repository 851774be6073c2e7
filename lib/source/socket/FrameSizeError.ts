import { seeDocs } from '../../event/seeDocs.js';

/**
 * A frame announces more bytes than `maxMessageBytes` (promise N1). No memory of that size was allocated.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#framesizeerror
 */
export class FrameSizeError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'FrameSizeError';
  /** The bytes that the frame announces. */
  readonly length: bigint;
  /** The limit, in bytes. */
  readonly maxMessageBytes: number;

  constructor(length: bigint, maxMessageBytes: number) {
    super(
      seeDocs(
        'FrameSizeError',
        `frame: expected a message of at most ${maxMessageBytes} bytes, found one that claims ${String(length)}`,
      ),
    );
    this.length = length;
    this.maxMessageBytes = maxMessageBytes;
  }
}
