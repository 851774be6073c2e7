import { seeDocs } from '../event/seeDocs.js';
import { shownText } from '../event/shown.js';

/** A value that has no place on the wire: what was expected, what was found, and where. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError';
  readonly expected: string;
  readonly found: string;
  /** Such as `Order.size`. */
  readonly path: string;

  constructor(where: { readonly expected: string; readonly found: string; readonly path: string }) {
    const { path, expected, found } = where;
    super(seeDocs('EncodeError', `${shownText(path)}: expected ${shownText(expected)}, found ${shownText(found)}`));
    this.expected = where.expected;
    this.found = where.found;
    this.path = where.path;
  }
}
