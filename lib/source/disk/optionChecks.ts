import { count, type Check } from '../../flow/contract/options.js';
import { LARGEST_MESSAGE_BYTES } from './format/record.js';

/** The path of a file or a folder. `''` would mean the working directory, and paths cannot contain NUL. */
export const path: Check = {
  expected: 'a path',
  allows: value => typeof value === 'string' && value !== '' && !value.includes('\0'),
};

/** The option `maxMessageBytes`. */
export const maxMessageBytes = count(0, LARGEST_MESSAGE_BYTES);
