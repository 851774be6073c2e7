import { seeDocs } from '../event/seeDocs.js';

/**
 * An event is not allowed here, or a block does not follow the last one stored (promises S1 and S4: no block is
 * skipped).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#blockordererror
 */
export class BlockOrderError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'BlockOrderError';
  /** What is allowed here, such as `a begin-block at height 6`. */
  readonly expected: string;
  /** What came, such as `a begin-block at height 8`. */
  readonly found: string;
  /** The height of the event that was found. */
  readonly height: number;
  /** The type of the event that was found; absent if the rules were run on marks alone. */
  readonly type?: string;
  /** The height of the last stored block; absent if nothing is stored. */
  readonly lastHeight?: number;

  constructor(where: {
    readonly expected: string;
    readonly found: string;
    readonly height: number;
    readonly type?: string | undefined;
    readonly lastHeight?: number | undefined;
  }) {
    const last =
      where.lastHeight === undefined ? 'nothing is stored' : `the last stored is ${String(where.lastHeight)}`;
    super(seeDocs('BlockOrderError', `expected ${where.expected}, found ${where.found}; ${last}`));
    this.expected = where.expected;
    this.found = where.found;
    this.height = where.height;
    if (where.type !== undefined) this.type = where.type;
    if (where.lastHeight !== undefined) this.lastHeight = where.lastHeight;
  }
}
