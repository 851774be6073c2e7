import { OptionError } from '../contract/OptionError.js';
import { writeError } from '../reporter.js';

/** Throws unless `[Symbol.iterator]()` or `[Symbol.asyncIterator]()` returned an object, as JavaScript requires. */
export const mustBeIterator = <I extends object>(iterator: I): I => {
  if (isObject(iterator)) return iterator;
  throw new OptionError('open', 'a function that returns an iterable whose iterator is an object', iterator);
};

/** Throws unless `next()` returned an object, as JavaScript requires: anything else would count as one more value. */
export const mustBeResult = <R extends object>(result: R): R => {
  if (isObject(result)) return result;
  throw new OptionError('open', 'an iterable whose next() returns { done, value }', result);
};

/** Closes an iterator before its end. No caller can receive an error of that, so it is written to the console. */
export const close = (closing: () => unknown): void => {
  // a Promise catches a throw, a rejection, and a `then` that throws
  new Promise(resolve => resolve(closing())).catch((error: unknown) => {
    writeError('fromPull: an iterator failed to close', error);
  });
};

const isObject = (value: unknown): boolean =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';
