import { seeDocs } from '../event/seeDocs.js';

/** A block that does not come next in the store, though it did when the progress was read: somebody else writes to it. */
export class StoreConflictError extends Error {
  override readonly name = 'StoreConflictError';
  readonly height: number;

  constructor(height: number) {
    super(
      seeDocs(
        'StoreConflictError',
        `expected a store that waits for the block at height ${String(height)}, found that another writer has moved it on`,
      ),
    );
    this.height = height;
  }
}
