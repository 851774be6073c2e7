import { OptionError } from '../contract/OptionError.js';
import { ParkedEventError } from '../contract/ParkedEventError.js';
import { ignoreOutcome } from '../mailbox/Work.js';

/** How a parking turns events into text and back. */
export interface ParkedCodec<E> {
  /** Turns an event into text. Default `JSON.stringify`. If it throws, parking the event fails. */
  readonly encode?: ((event: E) => string) | undefined;
  /** Turns text back into an event. Default `JSON.parse`. If it throws, that is the `cause` of a `ParkedEventError`. */
  readonly decode?: ((text: string) => E) | undefined;
}

export interface CheckedCodec<E> {
  readonly encode: (event: E) => string;
  readonly decode: (text: string, id: string) => E;
}

/** Adds the defaults and the error checks to a codec. */
export const parkedCodec = <E>({ encode = JSON.stringify, decode = JSON.parse }: ParkedCodec<E>): CheckedCodec<E> => ({
  encode: event => {
    // `JSON.stringify` of a function returns `undefined`
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
