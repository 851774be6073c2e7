import { seeDocs } from '../../event/seeDocs.js';
import { escaped } from '../../event/shown.js';

/** A table that is not there, or lacks columns that are to be written. */
export class TableColumnsError extends Error {
  override readonly name = 'TableColumnsError';
  readonly table: string;
  /** The columns that are to be written and are not there. */
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
