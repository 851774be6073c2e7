import { seeDocs } from '../../event/seeDocs.js';

/**
 * `marbleTestOf` cannot turn a recording into a test: nothing went wrong in it, or the problem does not reproduce.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#incidenterror
 */
export class IncidentError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'IncidentError';

  constructor(message: string) {
    super(seeDocs('IncidentError', message));
  }
}
