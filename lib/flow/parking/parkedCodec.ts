import { OptionError } from '../contract/OptionError.js';
import { ParkedEventError } from '../contract/ParkedEventError.js';
import { ignoreOutcome } from '../mailbox/Work.js';

/** How a parking turns events into text and back. */
export interface ParkedCodec<E> {
  /** The text of an event. Default `JSON.stringify`. What it throws fails the parking of the event. */
  readonly encode?: ((event: E) => string) | undefined;
  /** The event of a text. Default `JSON.parse`. What it throws is the cause of a `ParkedEventError`. */
  readonly decode?: ((text: string) => E) | undefined;
}

export interface CheckedCodec<E> {
  readonly encode: (event: E) => string;
  readonly decode: (text: string, id: string) => E;
}

/** The codec with its defaults, and with errors that say what is wrong. */
export const parkedCodec = <E>({ encode = JSON.stringify, decode = JSON.parse }: ParkedCodec<E>): CheckedCodec<E> => ({
  encode: event => {
    // `JSON.stringify` of a function gives `undefined`
    const text: unknown = encode(event);
    if (typeof text === 'string') return text;
    ignoreOutcome(text);
    throw new OptionError('encode', 'a function that returns a string', text);
  },
  decode: (text, id) => {
    try {
      const event: unknown = decode(text);
      return event as E;
    } catch (error) {
      throw new ParkedEventError(id, error);
    }
  },
});
