import type { All } from './All.js';
import type { AnyEvent } from './AnyEvent.js';

/**
 * The members of the union `E` whose `type` may be one of `T`. With `All` in `T`, or if `T` is `never`: all members.
 *
 * `T` is `never` while the compiler infers the type of a callback, as in `keepLatestBy(event => …)`, before it has read
 * `types`.
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
