import { seeDocs } from '../../event/seeDocs.js';
import { escaped, isError, shownError } from '../../event/shown.js';

/** A peer sent a message that `validate` refused. Its connection is closed; `cause` says what is wrong with the message. */
export class MessageRefusedError extends Error {
  override readonly name = 'MessageRefusedError';
  readonly peer: string;
  /** Of the message. */
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
