import { seeDocs } from '../event/seeDocs.js';
import { shownText } from '../event/shown.js';

/**
 * A value cannot be encoded: what was expected, what was found, and where.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#encodeerror
 */
export class EncodeError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'EncodeError';
  /** What is allowed there, in words. */
  readonly expected: string;
  /** What was found there. */
  readonly found: string;
  /** Where, such as `Order.size`. */
  readonly path: string;

  constructor(where: { readonly expected: string; readonly found: string; readonly path: string }) {
    const { path, expected, found } = where;
    super(seeDocs('EncodeError', `${shownText(path)}: expected ${shownText(expected)}, found ${shownText(found)}`));
    this.expected = where.expected;
    this.found = where.found;
    this.path = where.path;
  }
}
