import { OptionError } from '../contract/OptionError.js';
import type { Measure } from './Measure.js';
import { ignoreOutcome } from './Work.js';

/** The size of a unit in bytes; or the error of `sizeOf`, with which its delivery fails when it is its turn. */
export type Size = number | { readonly error: unknown };

/** What is recorded about a unit when it is offered: its size, or an object that its queue needs. */
export type Noted = Size | object;

/** The bytes in a size. An unknown size counts as 0. */
export const bytesIn = (size: Noted): number => (typeof size === 'number' ? size : 0);

/** Makes a function that adds up the sizes of the events of a unit. It never throws. */
export const sizeBy =
  <U, E>({ events }: Measure<U, E>, sizeOf: (event: E) => number): ((unit: U) => Size) =>
  unit => {
    let bytes = 0;
    try {
      for (const event of events(unit)) bytes += checked(sizeOf(event));
    } catch (error) {
      return { error };
    }
    return bytes;
  };

/** Returns a valid size. `Infinity` is invalid: it could not be subtracted from a sum again. */
const checked = (bytes: unknown): number => {
  if (typeof bytes === 'number' && bytes >= 0 && bytes <= Number.MAX_SAFE_INTEGER) return bytes;
  ignoreOutcome(bytes);
  throw new OptionError('sizeOf', 'a function that returns a number of bytes, 0 or more', bytes);
};
