import { seeDocs } from '../../event/seeDocs.js';
import { escaped, isError, shownError } from '../../event/shown.js';

/**
 * A connection was lost: reset, refused, or closed in the middle of a message.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#peerlosterror
 */
export class PeerLostError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'PeerLostError';
  /** The address of the peer. */
  readonly peer: string;
  /** Bytes received of a message that was cut off. */
  readonly partialBytes: number;
  /** Bytes that had not left the process. How many the kernel held is not known. */
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
