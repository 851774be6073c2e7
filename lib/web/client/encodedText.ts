import { shown } from '../../event/shown.js';
import { ignoreOutcome } from '../../flow/mailbox/Work.js';

/** Encodes an event with `encode`, or as JSON. Throws what `encode` throws, and `TypeError` if its result is not a string. */
export const encodedText =
  <E>(encode: ((event: E) => string) | undefined): ((event: E) => string) =>
  event => {
    const text: unknown = encode === undefined ? JSON.stringify(event) : encode(event);
    if (typeof text === 'string') return text;
    ignoreOutcome(text);
    throw new TypeError(`encode: expected a string, found ${shown(text)}`);
  };
