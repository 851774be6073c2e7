import { ignoreOutcome, isThenable } from '../mailbox/Work.js';
import { OptionError } from './OptionError.js';

/** A key that a function of the user gave. Throws `OptionError` for a Promise: each is another one, so no two events would have one key. */
export const checkedKey = (option: string, key: unknown): unknown => {
  if (typeof key !== 'object' || key === null || !isThenable(key)) return key;
  ignoreOutcome(key);
  throw new OptionError(option, 'a function that returns a key', key);
};
