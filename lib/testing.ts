export type { MarbleHelpers } from './testing/marbles/MarbleHelpers.js';
export { MarbleMismatchError } from './testing/marbles/MarbleMismatchError.js';
export { runMarbles } from './testing/marbles/runMarbles.js';
