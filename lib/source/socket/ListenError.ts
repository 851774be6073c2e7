import { seeDocs } from '../../event/seeDocs.js';

/**
 * The server cannot listen on its port: it is in use, not permitted, or the address does not exist.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#listenerror
 */
export class ListenError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'ListenError';
  /** The address to listen on. */
  readonly host: string;
  /** The port to listen on. */
  readonly port: number;

  constructor(host: string, port: number, cause: Error) {
    super(seeDocs('ListenError', `${host}:${port}: expected to listen, found ${cause.message}`), { cause });
    this.host = host;
    this.port = port;
  }
}
