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
        `${what}: opened without a settlement; pass it on: (pause$, settlement) => source(pause$, settlement).pipe(…), or use settlement: 'none'`,
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
        `an operator delayed ${count === 1 ? 'a value' : `${count} values`} on the way to the consumer; move it downstream of the consumer, or use one that emits immediately`,
      ),
    );
    this.count = count;
  }
}
