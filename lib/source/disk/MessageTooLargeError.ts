import { seeDocs } from '../../event/seeDocs.js';

/**
 * A message to be written or sent has more than `maxMessageBytes`, so its reader would reject it.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#messagetoolargeerror
 */
export class MessageTooLargeError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'MessageTooLargeError';
  /** The size of the message, in bytes. */
  readonly bytes: number;
  /** The limit, in bytes. */
  readonly maxMessageBytes: number;

  constructor(bytes: number, maxMessageBytes: number) {
    super(
      seeDocs('MessageTooLargeError', `expected a message of at most ${maxMessageBytes} bytes, found one of ${bytes}`),
    );
    this.bytes = bytes;
    this.maxMessageBytes = maxMessageBytes;
  }
}
