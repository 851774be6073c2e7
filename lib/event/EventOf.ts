import type { All } from './All.js';
import type { AnyEvent } from './AnyEvent.js';

/**
 * The members of the union `E` whose `type` may be one of `T`; all of them if `All` is among `T`, or if nothing is.
 *
 * Nothing is what the compiler has for `T` while it reads a function inside a call, as in `keepLatestBy(event => …)`, before it
 * has read `types`.
 */
export type EventOf<E extends AnyEvent, T> = All extends T
  ? E
  : [T] extends [never]
    ? E
    : E extends unknown
      ? E['type'] & T extends never
        ? never
        : E
      : never;
