import { seeDocs } from '../../event/seeDocs.js';

/** A message that is to be written has more than `maxMessageBytes`, so that nobody would read it. */
export class MessageTooLargeError extends Error {
  override readonly name = 'MessageTooLargeError';
  readonly bytes: number;
  readonly maxMessageBytes: number;

  constructor(bytes: number, maxMessageBytes: number) {
    super(
      seeDocs('MessageTooLargeError', `expected a message of at most ${maxMessageBytes} bytes, found one of ${bytes}`),
    );
    this.bytes = bytes;
    this.maxMessageBytes = maxMessageBytes;
  }
}
