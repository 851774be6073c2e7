import { seeDocs } from './seeDocs.js';
import { shownText } from './shown.js';

/** Bytes that are not what they should be: what was expected, what was found, and where (promise E1). */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  /** What stands at `path` in a sound message, such as `version 1`. */
  readonly expected: string;
  /** What stands there in this one. */
  readonly found: string;
  /** Where: the fields from the outermost in, such as `order.size`, or the id of the event where it is known. */
  readonly path: string;

  constructor(where: { readonly expected: string; readonly found: string; readonly path: string }, cause?: unknown) {
    super(
      seeDocs(
        'DecodeError',
        `${shownText(where.path)}: expected ${shownText(where.expected)}, found ${shownText(where.found)}`,
      ),
      cause === undefined ? undefined : { cause },
    );
    this.expected = where.expected;
    this.found = where.found;
    this.path = where.path;
  }
}
