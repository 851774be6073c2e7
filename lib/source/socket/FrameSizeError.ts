import { seeDocs } from '../../event/seeDocs.js';

/** A frame that claims more bytes than a message may have (promise N1). Nothing of that size was allocated. */
export class FrameSizeError extends Error {
  override readonly name = 'FrameSizeError';
  /** What the frame claims. */
  readonly length: bigint;
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
