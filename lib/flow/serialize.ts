import { RingBuffer } from './RingBuffer.js';

/** Hands values over one at a time. A value that comes from inside a hand-over waits for the end of that. */
export interface Serialized<T> {
  (value: T): void;
  /** Values that wait for their turn. */
  readonly waiting: number;
}

/** Serializes `handOver`: all receivers of a value see the same order, also if one of them causes the next value. */
export const serialize = <T>(handOver: (value: T) => void): Serialized<T> => {
  const waiting = new RingBuffer<T>();
  let isBusy = false;
  const take = (value: T): void => {
    if (isBusy) {
      waiting.push(value);
      return;
    }
    isBusy = true;
    handOver(value);
    while (waiting.length > 0) handOver(waiting.shift() as T);
    isBusy = false;
  };
  return Object.defineProperty(take, 'waiting', { get: () => waiting.length }) as Serialized<T>;
};
