import { seeDocs } from '../../event/seeDocs.js';

/**
 * A number of partitions that is not the one that was stored when they were first used (promise J12). With another number, keys
 * would move to other partitions, and their messages would be overtaken.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#partitionserror
 */
export class PartitionsError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'PartitionsError';
  /** The name of what is partitioned. */
  readonly what: string;
  /** The number that is stored. */
  readonly stored: number;
  /** The number that was given. */
  readonly given: number;

  constructor(what: string, stored: number, given: number) {
    super(
      seeDocs(
        'PartitionsError',
        `partitions of ${what}: expected ${stored}, as they were stored, found ${given}; use another name and subject for another number`,
      ),
    );
    this.what = what;
    this.stored = stored;
    this.given = given;
  }
}
