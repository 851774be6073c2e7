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
 *
 * FP1  What was asked for is not asked for again with a lower count, so the places before the answer are forgotten. They would
 *      grow behind another consumer that settles nothing. What is kept was received since the last commit: an open block, and
 *      what waits before it, which pauses the source.
 * FP2  A lower count has no answer, which leaves the stored position as it is.
 */
export const followedPosition = (
  follow: NonNullable<PositionStore['follow']>,
  toText: (place: StreamPlace) => string,
): PositionKeeper => {
  /** Places that are neither settled nor asked for, in order, and how many values the consumer had received after each. */
  const places = new RingBuffer<StreamPlace>();
  const bounds = new RingBuffer<number>();
  /** The last place that is settled or was asked for, and its count. */
  let base: StreamPlace | undefined;
  let baseBound = 0;

  const passFirst = (): void => {
    base = places.shift();
    baseBound = bounds.shift()!;
  };

  const end = follow(received => {
    while (places.length > 0 && bounds.at(0)! <= received) passFirst();
    return base === undefined || received < baseBound ? undefined : toText(base);
  });

  return {
    given: (place, received) => {
      places.push(place);
      bounds.push(received);
    },
    settled: place => {
      while (places.length > 0 && places.at(0)!.sequence <= place.sequence) passFirst();
    },
    finish: () => {
      end();
      return Promise.resolve();
    },
  };
};
