import type { All } from './All.js';
import type { AnyEvent } from './AnyEvent.js';

/** The members of the union `E` whose `type` may be one of `T`; all of them if `All` is among `T`. */
export type EventOf<E extends AnyEvent, T> = All extends T
  ? E
  : E extends unknown
    ? E['type'] & T extends never
      ? never
      : E
    : never;
