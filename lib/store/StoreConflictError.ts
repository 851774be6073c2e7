import { seeDocs } from '../event/seeDocs.js';

/**
 * Another writer has changed the store: the block was the next one when the progress was read, and no longer is.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#storeconflicterror
 */
export class StoreConflictError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'StoreConflictError';
  /** The height of the block that was to be stored. */
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
