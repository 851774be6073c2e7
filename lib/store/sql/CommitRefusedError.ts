import { seeDocs } from '../../event/seeDocs.js';
import { escaped } from '../../event/shown.js';

/**
 * The database answered COMMIT with something else: nothing is stored. PostgreSQL does so, without an error, where a
 * statement of the transaction had failed and nobody took notice (promise S7).
 */
export class CommitRefusedError extends Error {
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
