import { escapedLines } from './shown.js';

/**
 * The page of errors, which every error message names. It is a path in the installed package until the docs have an
 * address on the web.
 */
export const ERRORS_PAGE = 'node_modules/rx-event-broker/docs/errors.md';

/**
 * Appends to an error message the place in the docs that explains it. Escapes control characters, since messages contain
 * names and texts from outside.
 */
export const seeDocs = (name: string, message: string): string =>
  `${escapedLines(message)} (${ERRORS_PAGE}#${name.toLowerCase()})`;
