import { seeDocs } from '../event/seeDocs.js';

/** An event that may not come here, or a block that does not follow on the last one (promises S1 and S4). */
export class BlockOrderError extends Error {
  override readonly name = 'BlockOrderError';
  /** What may come here, such as `a begin-block at height 6`. */
  readonly expected: string;
  readonly found: string;
  /** The height of the event that was found. */
  readonly height: number;
  /** The type of the event that was found; absent where the rules are run on marks alone. */
  readonly type?: string;
  /** The height of the last block that is stored; absent while there is none. */
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
