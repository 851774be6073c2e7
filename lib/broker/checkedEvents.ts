import type { AnyEvent } from '../event/AnyEvent.js';
import { OptionError } from '../flow/contract/OptionError.js';

/** What one call sends: events that were looked at. */
export interface Sent<E> {
  readonly events: readonly E[];
  readonly isBatch: boolean;
  /** Its place in the source that is received, if that is tracked; else 0. */
  readonly place: number;
}

/** Unlike the platform's own, it says nothing about the type. */
export const isArray: (value: unknown) => boolean = Array.isArray;

const isNothing = (event: unknown): boolean => event === undefined || event === null;

/** Throws if `event` is nothing. */
export const checkEvent = (event: unknown, index?: number): void => {
  if (!isNothing(event)) return;
  throw new OptionError(index === undefined ? 'event' : `events[${index}]`, 'an object with a type', event);
};

/**
 * A batch as it is now, all of it events: whoever owns the array may change it inside a handler. Every type is read, so
 * that a getter that throws does so at the call, not in the middle of the batch or at somebody else's `send`.
 */
export const checkedEvents = <E extends AnyEvent>(batch: readonly E[]): readonly E[] => {
  const copy = batch.slice();
  for (let i = 0; i < copy.length; i++) {
    const event = copy[i]!;
    if (isNothing(event)) checkEvent(event, i);
    readType(event);
  }
  return copy;
};

const readType = ({ type }: AnyEvent): unknown => type;
