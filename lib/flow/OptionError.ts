import { seeDocs } from '../event/seeDocs.js';
import { escaped, shown } from '../event/shown.js';

/** An option that cannot be: what was expected, what was found. Thrown where the option is given. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
  readonly option: string;
  readonly expected: string;
  readonly found: unknown;

  constructor(option: string, expected: string, found: unknown) {
    super(seeDocs('OptionError', `${option}: expected ${expected}, found ${quoted(found)}`));
    this.option = option;
    this.expected = expected;
    this.found = found;
  }
}

/** A string in quotes: `'3000'` for a number is what most often goes wrong. */
const quoted = (value: unknown): string =>
  typeof value === 'string' && value.length <= 100 ? `'${escaped(value)}'` : shown(value);

/** Throws if `value` is none of `choices`. */
export const choiceOption = (option: string, value: unknown, choices: readonly unknown[]): void => {
  if (!choices.includes(value)) throw new OptionError(option, choices.map(quoted).join(' or '), value);
};

/** Gives `value` back if it is a whole number from `min` on, or Infinity. */
export const countOption = (option: string, value: number, min: number): number => {
  if (value === Infinity || (Number.isSafeInteger(value) && value >= min)) return value;
  throw new OptionError(option, `a whole number, ${String(min)} or more`, value);
};
