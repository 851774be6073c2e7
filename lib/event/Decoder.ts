import type { DecodeError } from './DecodeError.js';
import type { Either } from './Either.js';

/**
 * Turns one message into an event, or into the reason why it is invalid. Write your own, or make one with
 * `standardDecoder` or `jsonDecoder`.
 * @see node_modules/rx-event-broker/docs/operators/deserialize.md
 */
export interface Decoder<E> {
  /** Decodes one message. Returns the event as `Right`, or a `DecodeError` as `Left`; should not throw. */
  decode(bytes: Uint8Array): Either<DecodeError, E>;
}
