import { RingBuffer } from '../../flow/RingBuffer.js';
import type { PositionStore } from '../../flow/contract/PositionStore.js';
import type { PositionKeeper } from './PositionKeeper.js';
import type { StreamPlace } from './StreamPlace.js';

/**
 * Answers the store when it asks for the position. The store asks inside its own transaction (promise J4: after a crash).
 *
 *     given       a      b      c
 *     received    1      3      4        b produced two values
 *     asked       for 2: a      for 3: b
 *
 * FP1  The store never asks again with a lower count, so places before the answer are released. Otherwise they would accumulate
 *      if another consumer settles nothing. Only the places since the last commit are kept: those of the open block, and of
 *      the events that wait for it. Their number is bounded, because the source is paused.
 * FP2  A lower count gets no answer. The stored position then stays as it is.
 */
export const followedPosition = (
  follow: NonNullable<PositionStore['follow']>,
  toText: (place: StreamPlace) => string,
): PositionKeeper => {
  /** Places that are neither settled nor asked for, in order. */
  const places = new RingBuffer<StreamPlace>();
  /** For each of them, how many values the consumer had received after it. */
  const bounds = new RingBuffer<number>();
  /** The last place that was settled or asked for, with its count. */
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
