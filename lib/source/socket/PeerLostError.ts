import { seeDocs } from '../../event/seeDocs.js';
import { escaped, isError, shownError } from '../../event/shown.js';

/** A connection ended that should have gone on: reset, refused, or closed in the middle of a message. */
export class PeerLostError extends Error {
  override readonly name = 'PeerLostError';
  readonly peer: string;
  /** Bytes of a message that never became whole. */
  readonly partialBytes: number;
  /** Bytes given to this connection that had not left the process. What the kernel held is not known. */
  readonly unsentBytes: number;

  constructor(peer: string, bytes: { readonly partial: number; readonly unsent: number }, cause?: unknown) {
    const why =
      cause === undefined
        ? 'it closed the connection'
        : isError(cause)
          ? escaped((cause as Error).message)
          : shownError(cause);
    const cut = bytes.partial === 0 ? '' : `, in the middle of a message, after ${bytes.partial} bytes of it`;
    const unsent = bytes.unsent === 0 ? '' : `, with ${bytes.unsent} bytes not sent`;
    super(
      seeDocs('PeerLostError', `${peer}: expected a connection that lasts, found it lost${cut}${unsent}: ${why}`),
      cause === undefined ? undefined : { cause },
    );
    this.peer = peer;
    this.partialBytes = bytes.partial;
    this.unsentBytes = bytes.unsent;
  }
}
