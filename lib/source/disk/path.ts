import type { Check } from '../../flow/contract/options.js';

/** A file or a folder. `''` would be the working directory, and the system takes no NUL. */
export const path: Check = {
  expected: 'a path',
  allows: value => typeof value === 'string' && value !== '' && !value.includes('\0'),
};
