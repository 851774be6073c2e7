import { seeDocs } from '../../event/seeDocs.js';

/** A table that is not there, or lacks columns that are to be written. */
export class TableColumnsError extends Error {
  override readonly name = 'TableColumnsError';
  readonly table: string;
  /** The columns that are to be written and are not there. */
  readonly missing: readonly string[];

  constructor(table: string, missing: readonly string[], present: readonly string[]) {
    const found = present.length === 0 ? 'no such table' : `a table with ${present.join(', ')}`;
    super(seeDocs('TableColumnsError', `table ${table}: expected the columns ${missing.join(', ')}, found ${found}`));
    this.table = table;
    this.missing = missing;
  }
}
