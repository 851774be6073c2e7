import { OptionError } from '../contract/OptionError.js';
import { writeError } from '../reporter.js';

/** What `[Symbol.iterator]()` or `[Symbol.asyncIterator]()` gives, if it is an object, as the language demands. */
export const mustBeIterator = <I extends object>(iterator: I): I => {
  if (isObject(iterator)) return iterator;
  throw new OptionError('open', 'a function that gives an iterable whose iterator is an object', iterator);
};

/** What `next()` gave, if it is an object, as the language demands: any other value would be read as one more value. */
export const mustBeResult = <R extends object>(result: R): R => {
  if (isObject(result)) return result;
  throw new OptionError('open', 'an iterable whose next() gives { done, value }', result);
};

/** Closes what is left early. What fails in it can reach nobody else, so it is written to the console. */
export const close = (closing: () => unknown): void => {
  // a Promise takes what is thrown, what rejects, and a `then` that throws
  new Promise(resolve => resolve(closing())).catch((error: unknown) => {
    writeError('fromPull: an iterator failed to close', error);
  });
};

const isObject = (value: unknown): boolean =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';
