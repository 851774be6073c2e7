import { shown } from '../../event/shown.js';
import { ignoreOutcome } from '../../flow/mailbox/Work.js';

/** What `encode` makes of an event, or its JSON. Throws what it throws, and `TypeError` if it is no text. */
export const encodedText =
  <E>(encode: ((event: E) => string) | undefined): ((event: E) => string) =>
  event => {
    const text: unknown = encode === undefined ? JSON.stringify(event) : encode(event);
    if (typeof text === 'string') return text;
    ignoreOutcome(text);
    throw new TypeError(`encode: expected a string, found ${shown(text)}`);
  };
