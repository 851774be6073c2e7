import { seeDocs } from '../../event/seeDocs.js';

/**
 * Too many rows of an `outboxSource` gave its consumer nothing, and wait for a later one that does (promise X3h). An
 * operator in between drops or collects them.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#droppedrowserror
 */
export class DroppedRowsError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'DroppedRowsError';
  /** How many rows wait. */
  readonly count: number;

  constructor(what: string, count: number) {
    super(
      seeDocs(
        'DroppedRowsError',
        `${what}: ${count} rows gave its consumer nothing and wait for one that does; filter behind the consumer, or say empty: 'atOnce'`,
      ),
    );
    this.count = count;
  }
}
