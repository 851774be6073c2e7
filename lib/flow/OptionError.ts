import { seeDocs } from '../event/seeDocs.js';

/** An option that cannot be: what was expected, what was found. Thrown where the option is given. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
  readonly option: string;
  readonly expected: string;
  readonly found: unknown;

  constructor(option: string, expected: string, found: unknown) {
    super(seeDocs('OptionError', `${option}: expected ${expected}, found ${String(found)}`));
    this.option = option;
    this.expected = expected;
    this.found = found;
  }
}

/** Gives `value` back if it is a whole number from `min` on, or Infinity. */
export const countOption = (option: string, value: number, min: number): number => {
  if (value === Infinity || (Number.isSafeInteger(value) && value >= min)) return value;
  throw new OptionError(option, `a whole number, ${String(min)} or more`, value);
};
