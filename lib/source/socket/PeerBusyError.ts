import { seeDocs } from '../../event/seeDocs.js';

/**
 * A second peer was rejected while one is connected (promise N2), or too many wait without a greeting. It may dial
 * again.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#peerbusyerror
 */
export class PeerBusyError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'PeerBusyError';
  /** The address of the peer that was rejected. */
  readonly peer: string;
  /** The address of the connected peer; `undefined` if there is none, but too many wait without a greeting. */
  readonly connected: string | undefined;

  constructor(peer: string, connected: string | undefined) {
    const found = connected === undefined ? 'too many that have not greeted yet' : `${connected} connected already`;
    super(seeDocs('PeerBusyError', `${peer}: expected one peer at a time, found ${found}`));
    this.peer = peer;
    this.connected = connected;
  }
}
