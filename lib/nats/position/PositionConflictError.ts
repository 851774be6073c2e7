import { seeDocs } from '../../event/seeDocs.js';
import { escaped } from '../../event/shown.js';

/**
 * Another process has written the position, because it reads the same stream with the same key. This process stops writing
 * it, so a position never moves back (promise J1: the position moves over settled messages only).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#positionconflicterror
 */
export class PositionConflictError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'PositionConflictError';
  /** The key in the bucket. */
  readonly key: string;
  /** The expected revision. 0 if no position was stored yet. */
  readonly revision: number;

  constructor(key: string, revision: number, cause: unknown) {
    const expected = revision === 0 ? 'no stored position, found one' : `revision ${revision}, found another one`;
    super(
      seeDocs(
        'PositionConflictError',
        `position ${escaped(key)}: expected ${expected}; another process is writing this position`,
      ),
      { cause },
    );
    this.key = key;
    this.revision = revision;
  }
}
