import { seeDocs } from '../event/seeDocs.js';
import { shown } from '../event/shown.js';

/** An event of another chain (promise B11). */
export class ChainIdError extends Error {
  override readonly name = 'ChainIdError';
  readonly expected: string;
  readonly found: string;

  constructor(expected: string, found: string, where: string) {
    super(
      seeDocs(
        'ChainIdError',
        `${where}: expected an event of chain ${shown(expected)}, found one of chain ${shown(found)}`,
      ),
    );
    this.expected = expected;
    this.found = found;
  }
}
