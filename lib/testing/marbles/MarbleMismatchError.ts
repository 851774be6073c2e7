import { seeDocs } from '../../event/seeDocs.js';

/**
 * What happened in virtual time differs from the marbles of a test.
 *
 * An ordinary error for any test runner. Its stack begins at the line of the expectation that failed; its `cause` is
 * the error of the stream, if the stream ended with an unexpected one.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#marblemismatcherror
 */
export class MarbleMismatchError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'MarbleMismatchError';
  /** The expected diagram. */
  readonly expected: string;
  /** The diagram of what happened. */
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
