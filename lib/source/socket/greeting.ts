import { left, right, type Either } from 'fp-ts/lib/Either.js';
import { GreetingError } from './GreetingError.js';

/**
 * What both sides of a connection say first, at once, without waiting for the other: `00 53 50 00` ("SP", version 0),
 * `00 10` (the protocol: pair version 0), `00 00` (reserved).
 */
export const greeting: Uint8Array = Uint8Array.of(0x00, 0x53, 0x50, 0x00, 0x00, 0x10, 0x00, 0x00);

/**
 * The first bytes of a peer, as many as there are of the eight: a greeting, or the beginning of one, or an error.
 * Anything but pair version 0 is one, and so is a reserved bit that is set (promise N1).
 */
export const checkGreeting = (bytes: Uint8Array): Either<GreetingError, Uint8Array> =>
  bytes.every((byte, index) => byte === greeting[index]) ? right(bytes) : left(new GreetingError(greeting, bytes));
