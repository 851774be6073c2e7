import { checkedKey } from '../contract/checkedKey.js';
import type { MailboxSettings } from '../mailbox/MailboxSettings.js';
import { batchOfEvents } from '../mailbox/Measure.js';
import type { Size } from '../mailbox/Size.js';

/** The key and the size of an event, recorded when it is offered. */
export interface Keyed {
  readonly key: unknown;
  readonly size: Size;
}

/** Makes a function that returns the key and the size of an event. If it throws, the event gets a key of its own, and fails. */
export const keyedBy = <U, E>(
  { measure, bytesOf }: MailboxSettings<U, E>,
  option: string,
  keyOf: (event: E) => unknown,
): ((event: E) => Keyed) => {
  const isBatch = (measure as unknown) === batchOfEvents;
  return event => {
    try {
      const key = checkedKey(option, keyOf(event));
      return { key, size: (bytesOf?.((isBatch ? [event] : event) as U) as Size | undefined) ?? 0 };
    } catch (error) {
      return { key: {}, size: { error } };
    }
  };
};
