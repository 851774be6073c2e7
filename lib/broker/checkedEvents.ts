import type { AnyEvent } from '../event/AnyEvent.js';
import { OptionError } from '../flow/OptionError.js';

/** Throws where `event` is nothing. */
export const checkEvent = (event: unknown, index?: number): void => {
  if (event !== undefined && event !== null) return;
  throw new OptionError(index === undefined ? 'event' : `events[${String(index)}]`, 'an object with a type', event);
};

/**
 * A batch as it is now, all of it events: whoever owns the array may change it inside a handler. Every type is read, so
 * that a getter that throws does so at the call, not in the middle of the batch or at somebody else's `send`.
 */
export const checkedEvents = <E extends AnyEvent>(batch: readonly E[]): readonly E[] => {
  const copy = batch.slice();
  for (let i = 0; i < copy.length; i++) checkEvent(copy[i], i);
  copy.forEach(readType);
  return copy;
};

const readType = ({ type }: AnyEvent): unknown => type;
