import { ignoreOutcome, isThenable } from '../mailbox/Work.js';
import { OptionError } from './OptionError.js';

/** Returns a key that a user's function returned. Throws `OptionError` for a Promise: no two events would share that key. */
export const checkedKey = (option: string, key: unknown): unknown => {
  if (typeof key !== 'object' || key === null || !isThenable(key)) return key;
  ignoreOutcome(key);
  throw new OptionError(option, 'a function that returns a key', key);
};
