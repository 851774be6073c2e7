import { seeDocs } from '../event/seeDocs.js';

/** A value that has no place on the wire: what was expected, what was found, and where. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError';
  readonly expected: string;
  readonly found: string;
  /** Such as `Order.size`. */
  readonly path: string;

  constructor(where: { readonly expected: string; readonly found: string; readonly path: string }) {
    super(seeDocs('EncodeError', `${where.path}: expected ${where.expected}, found ${where.found}`));
    this.expected = where.expected;
    this.found = where.found;
    this.path = where.path;
  }
}
