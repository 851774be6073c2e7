import { RingBuffer } from './RingBuffer.js';

/** Hands values over one after the other: one that comes from inside a hand-over waits until that has reached all. */
export interface Serialized<T> {
  (value: T): void;
  /** Values that wait for their turn. */
  readonly waiting: number;
}

/** What keeps one order for everybody who is handed a value, however a value comes to be. */
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
