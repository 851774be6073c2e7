import { seeDocs } from '../../event/seeDocs.js';
import { escaped, isError, shownError } from '../../event/shown.js';

/**
 * A peer sent a message that `validate` rejected, so its connection was closed (promise N1). `cause` says what is
 * wrong.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#messagerefusederror
 */
export class MessageRefusedError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'MessageRefusedError';
  /** The address of the peer. */
  readonly peer: string;
  /** The size of the message, in bytes. */
  readonly bytes: number;

  constructor(peer: string, bytes: number, cause: unknown) {
    const why = isError(cause) ? escaped((cause as Error).message) : shownError(cause);
    super(seeDocs('MessageRefusedError', `${peer}: sent a message of ${bytes} bytes that was refused: ${why}`), {
      cause,
    });
    this.peer = peer;
    this.bytes = bytes;
  }
}
