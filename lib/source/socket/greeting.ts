import { left, right, type Either, isLeft } from 'fp-ts/lib/Either.js';
import { GreetingError, GreetingTimeoutError, PeerLostError } from './errors.js';
import { Observable, throwError, timeout, type SchedulerLike } from 'rxjs';
import type { Connection } from './Connection.js';

/**
 * What both sides of a connection send first, without waiting for each other: `00 53 50 00` ("SP", version 0),
 * `00 10` (the protocol: pair version 0), `00 00` (reserved).
 */
export const greeting: Uint8Array = Uint8Array.of(0x00, 0x53, 0x50, 0x00, 0x00, 0x10, 0x00, 0x00);

/**
 * Checks the first bytes of a peer, up to eight: `Right` if they are a greeting or the start of one, otherwise an error.
 * Anything but pair version 0 is an error, and so is a reserved bit that is set (promise N1).
 */
export const checkGreeting = (bytes: Uint8Array): Either<GreetingError, Uint8Array> =>
  bytes.every((byte, index) => byte === greeting[index]) ? right(bytes) : left(new GreetingError(greeting, bytes));

/** The time limit in ms, from the start of the connection (promise N3). It includes dialling, so an unanswered dial ends. */
const DEADLINE = 10_000;

/**
 * Sends a greeting, and emits once when the peer has sent a valid one. Then it completes; the stream is paused before
 * the first frame. Errors with `GreetingError` at the first wrong byte, with `GreetingTimeoutError` and `PeerLostError`.
 */
export const greet = (
  { peer, stream }: Pick<Connection, 'peer' | 'stream'>,
  scheduler: SchedulerLike,
): Observable<void> =>
  new Observable<void>(subscriber => {
    let bytes = new Uint8Array(0);
    const onData = (chunk: Uint8Array) => {
      const missing = greeting.length - bytes.length;
      bytes = Uint8Array.of(...bytes, ...chunk.subarray(0, missing));
      const checked = checkGreeting(bytes);
      if (isLeft(checked)) subscriber.error(checked.left);
      else if (bytes.length === greeting.length) {
        stream.off('data', onData).pause();
        stream.unshift(chunk.subarray(missing));
        subscriber.next();
        subscriber.complete();
      }
    };
    const onEnd = () => subscriber.error(new PeerLostError(peer, { partial: 0, unsent: 0 }));
    const onError = (error: Error) => subscriber.error(new PeerLostError(peer, { partial: 0, unsent: 0 }, error));
    stream.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);
    stream.write(greeting);
    return () => stream.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd);
  }).pipe(
    timeout({ first: DEADLINE, scheduler, with: () => throwError(() => new GreetingTimeoutError(peer, DEADLINE)) }),
  );
