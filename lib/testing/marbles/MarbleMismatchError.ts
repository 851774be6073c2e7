import { seeDocs } from '../../event/seeDocs.js';

/**
 * The events in virtual time differ from the marbles of a test.
 *
 * It works with any test runner. The stack begins at the line of the failed expectation. If the stream ended with an unexpected
 * error, that error is the `cause`.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#marblemismatcherror
 */
export class MarbleMismatchError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'MarbleMismatchError';
  /** The expected diagram. */
  readonly expected: string;
  /** The actual diagram. */
  readonly actual: string;

  constructor(
    mismatch: { readonly message: string; readonly expected: string; readonly actual: string; readonly calls: string },
    cause?: unknown,
  ) {
    const [headline = '', ...picture] = mismatch.message.split('\n');
    super(
      [seeDocs('MarbleMismatchError', headline), ...picture].join('\n'),
      cause === undefined ? undefined : { cause },
    );
    this.expected = mismatch.expected;
    this.actual = mismatch.actual;
    if (mismatch.calls !== '') this.stack = `${this.name}: ${this.message}\n${mismatch.calls}`;
  }
}
