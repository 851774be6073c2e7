import { escapedLines } from './shown.js';

/**
 * The page of errors, which every error message links to. It is a path in the installed package, since the docs have no
 * address on the web yet.
 */
export const ERRORS_PAGE = 'node_modules/rx-event-broker/docs/errors.md';

/**
 * Appends a link to the docs of the error. Escapes control characters, since a message may contain names and text from
 * outside.
 */
export const seeDocs = (name: string, message: string): string =>
  `${escapedLines(message)} (${ERRORS_PAGE}#${name.toLowerCase()})`;
