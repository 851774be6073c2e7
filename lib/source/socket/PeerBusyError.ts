import { seeDocs } from '../../event/seeDocs.js';

/** A second peer of a pair (promise N2), or one more that has not greeted yet than may wait. It may dial again. */
export class PeerBusyError extends Error {
  override readonly name = 'PeerBusyError';
  /** Who was refused. */
  readonly peer: string;
  /** Who is connected; `undefined`: nobody, but too many have come without a greeting. */
  readonly connected: string | undefined;

  constructor(peer: string, connected: string | undefined) {
    const found = connected === undefined ? 'too many that have not greeted yet' : `${connected} connected already`;
    super(seeDocs('PeerBusyError', `${peer}: expected one peer at a time, found ${found}`));
    this.peer = peer;
    this.connected = connected;
  }
}
