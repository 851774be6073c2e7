import { seeDocs } from '../../event/seeDocs.js';
import { escaped, shown } from '../../event/shown.js';

/**
 * An option is invalid or misspelt: what was expected, what was found. Thrown by the call that takes the option.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#optionerror
 */
export class OptionError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'OptionError';
  /** The option, such as `capacity`; a nested one as `archive.directory`. */
  readonly option: string;
  /** What is allowed, in words. */
  readonly expected: string;
  /** The value that was given. */
  readonly found: unknown;

  constructor(option: string, expected: string, found: unknown) {
    super(seeDocs('OptionError', `${option}: expected ${expected}, found ${quoted(found)}`));
    this.option = option;
    this.expected = expected;
    this.found = found;
  }
}

/** Shows a string in quotes: the most common mistake is a string such as `'3000'` instead of a number. */
const quoted = (value: unknown): string =>
  typeof value === 'string' && value.length <= 100 ? `'${escaped(value)}'` : shown(value);
