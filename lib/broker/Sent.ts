import type { AnyEvent } from '../event/AnyEvent.js';
import { OptionError } from '../flow/OptionError.js';

/** What one call sends: events that were looked at, and their types, read once: a getter may throw the next time. */
export interface Sent<E extends AnyEvent> {
  readonly events: readonly E[];
  readonly types: readonly E['type'][];
  readonly isBatch: boolean;
}

/** The batch as it is now, all of it events: whoever owns the array may change it inside a handler. */
export const sentOf = <E extends AnyEvent>(batch: readonly E[], isBatch: boolean): Sent<E> => {
  const events = batch.slice();
  const types = new Array<E['type']>(events.length);
  for (let i = 0; i < events.length; i++) {
    const event = events[i] as E;
    if (isNothing(event)) refuseEvent(event, isBatch ? `events[${String(i)}]` : 'event');
    types[i] = event.type;
  }
  return { events, types, isBatch };
};

export const isNothing = (event: unknown): boolean => event === undefined || event === null;

export const refuseEvent = (event: unknown, where = 'event'): never => {
  throw new OptionError(where, 'an object with a type', event);
};
