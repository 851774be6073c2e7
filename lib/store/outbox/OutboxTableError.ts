import { seeDocs } from '../../event/seeDocs.js';
import { escaped } from '../../event/shown.js';

/**
 * The table of an `outboxSource` cannot be read in order, or its rows cannot be deleted. `expected` says what it lacks.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#outboxtableerror
 */
export class OutboxTableError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'OutboxTableError';
  /** The table, as given in the options. */
  readonly table: string;
  /** What the table must have, in the words of its DDL. */
  readonly expected: string;

  constructor(table: string, expected: string, found: string) {
    super(seeDocs('OutboxTableError', `table ${escaped(table)}: expected ${expected}, found ${escaped(found)}`));
    this.table = table;
    this.expected = expected;
  }
}
