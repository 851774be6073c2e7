import { seeDocs } from '../../event/seeDocs.js';
import { escaped, shown } from '../../event/shown.js';

/** A value of a row that cannot be stored as it is: nothing of its row is. */
export class ColumnValueError extends Error {
  override readonly name = 'ColumnValueError';
  readonly column: string;
  readonly expected: string;
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
