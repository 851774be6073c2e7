import { seeDocs } from '../../event/seeDocs.js';

/** The store's own tables are of a version that this library does not know. */
export class SchemaVersionError extends Error {
  override readonly name = 'SchemaVersionError';
  readonly expected: number;
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
