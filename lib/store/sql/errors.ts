import { seeDocs } from '../../event/seeDocs.js';
import { escaped, shown } from '../../event/shown.js';

/** `found` of a `CommitRefusedError` if the transaction of the block is no longer open. */
export const ENDED_BY_SUBSCRIBER = 'a transaction that a subscriber has ended';

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
    const found = present.length === 0 ? 'no such table' : `only ${list(present)}`;
    super(
      seeDocs('TableColumnsError', `table ${escaped(table)}: expected the columns ${list(missing)}, found ${found}`),
    );
    this.table = table;
    this.missing = missing;
  }
}

const list = (names: readonly string[]): string => names.map(escaped).join(', ');

/**
 * The store's own tables have a version that this library does not know.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#schemaversionerror
 */
export class SchemaVersionError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'SchemaVersionError';
  /** The version that this library knows. */
  readonly expected: number;
  /** The version of the tables; `undefined` if none is recorded. */
  readonly found: number | undefined;

  constructor(expected: number, found: number | undefined) {
    super(
      seeDocs(
        'SchemaVersionError',
        `block_store_version: expected version ${expected} of the tables block_store_*, found ${found ?? 'none'}`,
      ),
    );
    this.expected = expected;
    this.found = found;
  }
}

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
        `expected the answer COMMIT, found ${escaped(found)}: a statement of this transaction failed and its error was swallowed, or a subscriber ended the transaction`,
      ),
      cause === undefined ? undefined : { cause },
    );
    this.found = found;
  }
}

/**
 * Another owner has taken this chain over: it raised the epoch in the store (promise S17). Nothing of the open block is
 * stored. Do not retry: that would take the chain back.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#fencederror
 */
export class FencedError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'FencedError';
  /** The name of the chain, as given in the options. */
  readonly chain: string;
  /** The epoch of this owner. */
  readonly mine: number;
  /** The epoch in the store; `undefined` if the chain was removed from it. */
  readonly found: number | undefined;

  constructor(chain: string, mine: number, found: number | undefined) {
    super(
      seeDocs(
        'FencedError',
        `another owner has taken over the chain "${escaped(chain)}": expected epoch ${mine}, found ${found ?? 'none'}`,
      ),
    );
    this.chain = chain;
    this.mine = mine;
    this.found = found;
  }
}
