import { seeDocs } from '../../event/seeDocs.js';
import { firstDifference } from '../marbles/firstDifference.js';
import { inWords } from '../marbles/inWords.js';

/** An operator or a source that does not keep a law: what should have been, and what was. */
export class LawBrokenError extends Error {
  override readonly name = 'LawBrokenError';
  readonly expected: unknown;
  readonly actual: unknown;

  constructor(what: string, expected: unknown, actual: unknown) {
    const difference = firstDifference(expected, actual);
    const where = difference === undefined || difference.path === '' ? '' : `, first at ${difference.path}`;
    const values = difference ?? { expected, actual };
    super(
      seeDocs(
        'LawBrokenError',
        `${what}: expected ${inWords(values.expected)}, found ${inWords(values.actual)}${where}`,
      ),
    );
    this.expected = expected;
    this.actual = actual;
  }
}

/** Throws where the two differ in any part. */
export const mustEqual = (what: string, actual: unknown, expected: unknown): void => {
  if (firstDifference(expected, actual) !== undefined) throw new LawBrokenError(what, expected, actual);
};
