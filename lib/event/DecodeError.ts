import { seeDocs } from './seeDocs.js';
import { shownText } from './shown.js';

/**
 * A message is invalid: what was expected, what was found, and where (promise E1).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#decodeerror
 */
export class DecodeError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'DecodeError';
  /** What a valid message has at `path`, such as `version 1`. */
  readonly expected: string;
  /** What this message has there. */
  readonly found: string;
  /** The fields from the outermost to the invalid one, such as `order.size`, after the id of the event if it is known. */
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
