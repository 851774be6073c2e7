import { seeDocs } from '../../event/seeDocs.js';

/**
 * What happened in virtual time is not what the marbles of a test say.
 *
 * An ordinary error for any test runner: `expected` and `actual` are the diagrams, the stack begins at the line of the
 * expectation that failed, `cause` is the error that the stream ended with where that was not expected.
 */
export class MarbleMismatchError extends Error {
  override readonly name = 'MarbleMismatchError';
  readonly expected: string;
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
