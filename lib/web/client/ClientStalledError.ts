import { seeDocs } from '../../event/seeDocs.js';

/**
 * A client was disconnected because its connection was full and it took nothing for `stalledFor` (promise W4: a client without
 * progress). The error is in the `Failed` notice of its subscriber.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#clientstallederror
 */
export class ClientStalledError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'ClientStalledError';
  /** How long the client took nothing, in ms. */
  readonly ms: number;
  /** How many bytes were buffered in the connection. */
  readonly unsent: number;

  constructor(ms: number, unsent: number) {
    super(
      seeDocs(
        'ClientStalledError',
        `the client was disconnected, because it took nothing for ${ms} ms, with ${unsent} bytes unsent`,
      ),
    );
    this.ms = ms;
    this.unsent = unsent;
  }
}
