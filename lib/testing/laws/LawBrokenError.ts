import { seeDocs } from '../../event/seeDocs.js';
import { escaped } from '../../event/shown.js';
import { firstDifference } from '../marbles/firstDifference.js';
import { sidesInWords } from '../marbles/inWords.js';

/**
 * An operator or a source breaks a law. The message says what was expected and what was found.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#lawbrokenerror
 */
export class LawBrokenError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'LawBrokenError';
  /** What the law expects. */
  readonly expected: unknown;
  /** What happened. */
  readonly actual: unknown;

  constructor(what: string, expected: unknown, actual: unknown, cause?: unknown) {
    const difference = firstDifference(expected, actual);
    const where = difference === undefined || difference.path === '' ? '' : `, first at ${escaped(difference.path)}`;
    const words = sidesInWords(difference ?? { path: '', expected, actual });
    super(seeDocs('LawBrokenError', `${what}: ${words}${where}`), cause === undefined ? undefined : { cause });
    this.expected = expected;
    this.actual = actual;
  }
}

/** Throws `LawBrokenError` if the two values differ in any part. */
export const mustEqual = (what: string, actual: unknown, expected: unknown): void => {
  if (firstDifference(expected, actual) !== undefined) throw new LawBrokenError(what, expected, actual);
};
