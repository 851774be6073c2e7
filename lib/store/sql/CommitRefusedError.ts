import { seeDocs } from '../../event/seeDocs.js';
import { escaped } from '../../event/shown.js';

/**
 * The database did not answer COMMIT with COMMIT, so nothing is stored. PostgreSQL answers ROLLBACK, without an error,
 * if a statement of the transaction had failed and its error was swallowed (promise S7).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#commitrefusederror
 */
export class CommitRefusedError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'CommitRefusedError';
  /** The command tag of the answer, such as `ROLLBACK`. */
  readonly found: string;

  constructor(found: string, cause?: unknown) {
    super(
      seeDocs(
        'CommitRefusedError',
        `expected the answer COMMIT, found ${escaped(found)}: a statement of this transaction had failed, and its error was not passed on, or a subscriber has ended it`,
      ),
      cause === undefined ? undefined : { cause },
    );
    this.found = found;
  }
}
