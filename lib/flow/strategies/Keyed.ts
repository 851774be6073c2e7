import { checkedKey } from '../contract/checkedKey.js';
import type { MailboxSettings } from '../mailbox/MailboxSettings.js';
import { batchOfEvents } from '../mailbox/Measure.js';
import type { Size } from '../mailbox/Size.js';

/** The key and the size of an event, noted when it comes. */
export interface Keyed {
  readonly key: unknown;
  readonly size: Size;
}

/** Notes the key of an event, and its size. Never throws: an event whose key is not known fails in its turn, as one of its own. */
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
