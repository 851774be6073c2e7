import { escapedLines } from './shown.js';

/**
 * Ends an error's message with the place where the docs say what it means and what to do. Names and texts that came from
 * outside cannot bring control characters into it.
 */
export const seeDocs = (name: string, message: string): string =>
  `${escapedLines(message)} (docs/errors.md#${name.toLowerCase()})`;
