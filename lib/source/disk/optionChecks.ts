import type { Check } from '../../flow/contract/options.js';
import { count } from '../../flow/contract/options.js';
import { headerBytes, sizeBytes } from './format/record.js';

/** A file or a folder. `''` would be the working directory, and the system takes no NUL. */
export const path: Check = {
  expected: 'a path',
  allows: value => typeof value === 'string' && value !== '' && !value.includes('\0'),
};

/** What a record's 4-byte size can say. */
const most = 2 ** 32 - 1 - (headerBytes - sizeBytes);

/** `maxMessageBytes` of everything here. */
export const maxMessageBytes = count(0, most);
