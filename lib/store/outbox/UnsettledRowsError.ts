import { seeDocs } from '../../event/seeDocs.js';

/**
 * Too many rows of an `outboxSource` are unsettled (promises X3h, X3i). An operator in between drops or collects them, or
 * the consumer settles nothing more.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#unsettledrowserror
 */
export class UnsettledRowsError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'UnsettledRowsError';
  /** How many rows wait. */
  readonly count: number;

  constructor(what: string, count: number) {
    super(
      seeDocs(
        'UnsettledRowsError',
        `${what}: ${count} rows are unsettled: the consumer received nothing for them, or it settles nothing more; filter after the consumer, set empty: 'atOnce', or see its Unsettled notice`,
      ),
    );
    this.count = count;
  }
}
