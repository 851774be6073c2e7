import { RingBuffer } from '../../flow/RingBuffer.js';
import type { PositionStore } from '../../flow/contract/PositionStore.js';
import type { PositionKeeper } from './PositionKeeper.js';
import type { StreamPlace } from './StreamPlace.js';

/**
 * Says the position when the store asks for it, inside a transaction of its own (promise J4).
 *
 *     given       a      b      c
 *     received    1      3      4        b gave two values
 *     asked       for 2: a      for 3: b
 */
export const followedPosition = (
  follow: NonNullable<PositionStore['follow']>,
  toText: (place: StreamPlace) => string,
): PositionKeeper => {
  /** Places that are not settled, in order, and how many values the consumer had received after each. */
  const places = new RingBuffer<StreamPlace>();
  const bounds = new RingBuffer<number>();
  /** The last place that is settled. */
  let base: StreamPlace | undefined;

  const end = follow(received => {
    let last = base;
    for (let i = 0; i < places.length && bounds.at(i)! <= received; i++) last = places.at(i);
    return last === undefined ? undefined : toText(last);
  });

  return {
    given: (place, received) => {
      places.push(place);
      bounds.push(received);
    },
    settled: place => {
      base = place;
      while (places.length > 0 && places.at(0)!.sequence <= place.sequence) {
        places.shift();
        bounds.shift();
      }
    },
    finish: () => {
      end();
      return Promise.resolve();
    },
  };
};
