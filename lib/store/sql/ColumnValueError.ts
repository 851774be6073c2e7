import { seeDocs } from '../../event/seeDocs.js';
import { escaped, shown } from '../../event/shown.js';

/**
 * A value cannot be stored as it is, so its row is not stored (promise S14: a value is never stored as something else).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#columnvalueerror
 */
export class ColumnValueError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'ColumnValueError';
  /** The name of the column. */
  readonly column: string;
  /** What the column takes, in words. */
  readonly expected: string;
  /** The value. */
  readonly found: unknown;

  constructor(column: string, expected: string, found: unknown, cause?: unknown) {
    super(
      seeDocs('ColumnValueError', `column ${escaped(column)}: expected ${expected}, found ${shown(found)}`),
      cause === undefined ? undefined : { cause },
    );
    this.column = column;
    this.expected = expected;
    this.found = found;
  }
}
