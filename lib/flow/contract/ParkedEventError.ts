import { seeDocs } from '../../event/seeDocs.js';
import { shownError } from '../../event/shown.js';

/**
 * A parked event cannot be decoded: `decode` threw the `cause`. The event stays parked; `discard([id])` removes it.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#parkedeventerror
 */
export class ParkedEventError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'ParkedEventError';
  /** The id of the event. */
  readonly id: string;

  constructor(id: string, cause: unknown) {
    super(seeDocs('ParkedEventError', `the parked event ${id} cannot be decoded: ${shownError(cause)}`), { cause });
    this.id = id;
  }
}
