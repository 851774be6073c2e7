import type { AnyEvent } from '../event/AnyEvent.js';
import { OptionError } from '../flow/contract/OptionError.js';
import type { Route, Routes } from './Routes.js';

/** What one call sends: events that were looked at. */
export interface Sent<E> {
  readonly events: readonly E[];
  readonly isBatch: boolean;
  /** The route of each event, valid while `Routes.version` is `version`; `undefined`: not looked up. */
  readonly found: readonly Route<E>[] | undefined;
  readonly version: number;
  /** Its place in the source that is received, if that is tracked; 0 if not, `REPLAYED` if it never is. */
  readonly place: number;
  /** Where all of it goes, whatever its types are. */
  readonly route?: Route<E>;
}

/** Unlike the platform's own, it says nothing about the type. */
export const isArray: (value: unknown) => boolean = Array.isArray;

/** Throws if `event` is nothing. */
export const checkEvent = (event: unknown, index?: number): void => {
  if (event !== undefined && event !== null) return;
  throw new OptionError(index === undefined ? 'event' : `events[${index}]`, 'an object with a type', event);
};

/**
 * A batch as it is now, all of it events: whoever owns the array may change it inside a handler. Every type is read, so
 * that a getter that throws does so at the call, not in the middle of the batch or at somebody else's `send`. The same
 * reading finds the routes: reading a type costs as much as a delivery if the events have many shapes.
 */
export const checkedBatch = <E extends AnyEvent>(batch: readonly E[], routes: Routes<E>): Sent<E> => {
  const events = batch.slice();
  const { length } = events;
  const { version } = routes;
  const found = routes.byType.size === 0 ? undefined : new Array<Route<E>>(length);
  let i = 0;
  try {
    for (; i < length; i++) {
      const { type } = events[i]!;
      if (found !== undefined) found[i] = routes.ofType(type);
    }
  } catch (error) {
    checkEvent(events[i], i);
    throw error;
  }
  return { events, isBatch: true, found, version, place: 0 };
};
