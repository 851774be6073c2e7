import { seeDocs } from '../../event/seeDocs.js';
import { escaped } from '../../event/shown.js';

/**
 * The table of a `tableWriter` does not exist, or lacks some of its columns.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#tablecolumnserror
 */
export class TableColumnsError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'TableColumnsError';
  /** The table, as given in the options. */
  readonly table: string;
  /** The columns of the options that the table does not have. */
  readonly missing: readonly string[];

  constructor(table: string, missing: readonly string[], present: readonly string[]) {
    const found = present.length === 0 ? 'no such table' : `a table with ${list(present)}`;
    super(
      seeDocs('TableColumnsError', `table ${escaped(table)}: expected the columns ${list(missing)}, found ${found}`),
    );
    this.table = table;
    this.missing = missing;
  }
}

const list = (names: readonly string[]): string => names.map(escaped).join(', ');
