import { seeDocs } from '../../event/seeDocs.js';

/**
 * The number of partitions differs from the stored one (promise J12: the number is stored on first use). With another number, keys
 * would move to other partitions, and their messages would be processed out of order.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#partitionserror
 */
export class PartitionsError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'PartitionsError';
  /** The option `name` of `ownPartitions`, or the `prefix` of the sink. */
  readonly what: string;
  /** The stored number of partitions. */
  readonly stored: number;
  /** The number of partitions in the options. */
  readonly given: number;

  constructor(what: string, stored: number, given: number) {
    super(
      seeDocs(
        'PartitionsError',
        `partitions of ${what}: expected ${stored}, which is the stored number, found ${given}; to change the number, use a new name and subject`,
      ),
    );
    this.what = what;
    this.stored = stored;
    this.given = given;
  }
}
