import { seeDocs } from '../../event/seeDocs.js';

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
  /** The version of the tables; `undefined` if they do not say. */
  readonly found: number | undefined;

  constructor(expected: number, found: number | undefined) {
    super(
      seeDocs(
        'SchemaVersionError',
        `block_store_version: expected version ${String(expected)} of the tables block_store_*, found ${String(found ?? 'none')}`,
      ),
    );
    this.expected = expected;
    this.found = found;
  }
}
