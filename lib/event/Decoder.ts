import type { Either } from 'fp-ts/lib/Either.js';
import type { DecodeError } from './DecodeError.js';

/** The seam between bytes and events: one message in, an event or the reason why not out. Never throws. */
export interface Decoder<E> {
  decode(bytes: Uint8Array): Either<DecodeError, E>;
}
