import { shownError } from '../../event/shown.js';
import { checkOption, checkOptions, count, needed, type Check } from '../contract/options.js';
import type { Parking } from '../contract/Parking.js';
import { ReplayedEvents } from './ReplayedEvents.js';
import { replayParked } from './replayParked.js';
import type { ParkingStore } from './ParkingStore.js';

const ids: Check = {
  expected: 'an array of ids, as list returns them',
  allows: value => Array.isArray(value) && value.every(isId),
};
const isId = (value: unknown): boolean => typeof value === 'string' && /^\d{1,19}$/.test(value);
const id: Check = { expected: 'an id, as list returns it', allows: isId };

/** The most events that one call of `list` returns. */
const MOST_LISTED = 10_000;

/** A parking that keeps its events in `store`. */
export const parkingOn = <E>(store: ParkingStore<E>): Parking<E> => {
  const replayed = new ReplayedEvents<E>();
  return {
    park: (events, error, who) => (replayed.keep(events, who) ? undefined : store.add(events, shownError(error), who)),
    parkBehind: (events, who) => replayed.keepBehind(events, who) ?? store.addBehind(events, who),
    list: async (options = {}) => {
      const { after, limit = 100 } = checkOptions('list', options, { after: id, limit: count(1, MOST_LISTED) });
      return store.read(after, limit);
    },
    replay: (options = {}) => replayParked(store, replayed, options),
    discard: async given => {
      checkOption('ids', given, needed(ids));
      return given.length === 0 ? 0 : store.remove(given);
    },
  };
};
