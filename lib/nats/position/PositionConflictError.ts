import { seeDocs } from '../../event/seeDocs.js';
import { escaped } from '../../event/shown.js';

/**
 * Somebody else has written the position: another process reads the same stream with it. This one writes no more, so a
 * position never goes back (promise J1).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#positionconflicterror
 */
export class PositionConflictError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'PositionConflictError';
  /** The key in the bucket. */
  readonly key: string;
  /** The revision that was expected; 0 if there was none yet. */
  readonly revision: number;

  constructor(key: string, revision: number, cause: unknown) {
    const expected = revision === 0 ? 'none yet' : `revision ${revision}`;
    super(
      seeDocs(
        'PositionConflictError',
        `position ${escaped(key)}: expected ${expected}, found another one; another process writes it`,
      ),
      { cause },
    );
    this.key = key;
    this.revision = revision;
  }
}
