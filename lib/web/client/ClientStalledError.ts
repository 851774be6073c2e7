import { seeDocs } from '../../event/seeDocs.js';

/**
 * A client was closed because its connection was full, and took nothing for `stalledFor` (promise W4). It is reported as
 * `Failed` of its subscriber.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#clientstallederror
 */
export class ClientStalledError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'ClientStalledError';
  /** How long it took nothing, in ms. */
  readonly ms: number;
  /** Bytes that waited in its connection. */
  readonly unsent: number;

  constructor(ms: number, unsent: number) {
    super(
      seeDocs(
        'ClientStalledError',
        `the client has taken nothing for ${ms} ms, with ${unsent} bytes unsent, and was closed`,
      ),
    );
    this.ms = ms;
    this.unsent = unsent;
  }
}
