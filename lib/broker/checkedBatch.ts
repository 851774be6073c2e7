import type { AnyEvent } from '../event/AnyEvent.js';
import { OptionError } from '../flow/contract/OptionError.js';
import type { Route, Routes } from './Routes.js';

/** The checked events of one call of `send` or `sendBatch`. */
export interface Sent<E> {
  readonly events: readonly E[];
  readonly isBatch: boolean;
  /** The route of each event, valid while `Routes.version` is `version`; `undefined` if it was not looked up. */
  readonly found: readonly Route<E>[] | undefined;
  readonly version: number;
  /** Its place in the received source; 0 if that is not tracked, `REPLAYED` for a replay. */
  readonly place: number;
  /** The route of all events, whatever their types; only for a replay. */
  readonly route?: Route<E>;
}

/** `Array.isArray` without its type guard, which would narrow the type of the argument. */
export const isArray: (value: unknown) => boolean = Array.isArray;

/** Throws `OptionError` if `event` is `undefined` or `null`. */
export const checkEvent = (event: unknown, index?: number): void => {
  if (event !== undefined && event !== null) return;
  throw new OptionError(index === undefined ? 'event' : `events[${index}]`, 'an object with a type', event);
};

/**
 * A checked copy of a batch: the caller may change its array inside a handler. Every type is read, so a getter that throws
 * does so in this call, not in the middle of the batch or in another `send`. The same read looks up the routes: reading a
 * type costs as much as a delivery if the events have many shapes.
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
