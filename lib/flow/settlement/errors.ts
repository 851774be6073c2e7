import { seeDocs } from '../../event/seeDocs.js';

/**
 * A source that acknowledges was opened without a settlement, so it would never learn what has been processed (promise
 * K2). A wrapper must pass it on: `(pause$, settlement) => source(pause$, settlement).pipe(…)`.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#notsettlederror
 */
export class NotSettledError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'NotSettledError';
  /** The source or consumer, in words. */
  readonly what: string;

  constructor(what: string) {
    super(
      seeDocs(
        'NotSettledError',
        `${what}: expected a settlement, found none; hand it on: (pause$, settlement) => source(pause$, settlement).pipe(…), or say settlement: 'none'`,
      ),
    );
    this.what = what;
  }
}

/**
 * An operator between a source that acknowledges and its consumer emitted a value later than the source did. So it is
 * unknown which values have been processed (promise K2). Operators between the two must emit inside `next`.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#heldbackerror
 */
export class HeldBackError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'HeldBackError';
  /** Values that reached the consumer later than the source had emitted them. */
  readonly count: number;

  constructor(count: number) {
    super(
      seeDocs(
        'HeldBackError',
        `expected each value to be received when the source emits it, found ${count} that came later; use the operator behind the consumer, or one that emits immediately`,
      ),
    );
    this.count = count;
  }
}
