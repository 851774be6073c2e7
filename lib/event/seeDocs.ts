import { escapedLines } from './shown.js';

/**
 * The page of errors, for whoever reads a message. Until the docs have an address on the web it is a path in the installed
 * package. Edit it here, and every message leads there.
 */
export const errorsPage = 'node_modules/rx-event-broker/docs/errors.md';

/**
 * Ends an error's message with the place where the docs say what it means and what to do. Names and texts that came from
 * outside cannot bring control characters into it.
 */
export const seeDocs = (name: string, message: string): string =>
  `${escapedLines(message)} (${errorsPage}#${name.toLowerCase()})`;
