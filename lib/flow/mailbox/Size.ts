import { OptionError } from '../contract/OptionError.js';
import type { Measure } from './Measure.js';
import { ignoreOutcome } from './Work.js';

/** The bytes of a unit, noted when it is offered; or why they are not known: then its delivery fails in its turn. */
export type Size = number | { readonly error: unknown };

/** What is noted of a unit when it is offered: its size, or what a queue of its own makes of it. */
export type Noted = Size | object;

/** What is not known counts as nothing: it holds up nobody. */
export const bytesIn = (size: Noted): number => (typeof size === 'number' ? size : 0);

/** The size of a unit is that of all its events. Never throws. */
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

/** Of what is not finite a sum could not be taken back. */
const checked = (bytes: unknown): number => {
  if (typeof bytes === 'number' && bytes >= 0 && bytes <= Number.MAX_SAFE_INTEGER) return bytes;
  ignoreOutcome(bytes);
  throw new OptionError('sizeOf', 'a function that returns bytes, a number, 0 or more', bytes);
};
