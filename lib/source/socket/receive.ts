import { Observable } from 'rxjs';
import { ignoreOutcome } from '../../flow/mailbox/Work.js';
import { followLevel } from '../../flow/level/followLevel.js';
import { frameDecoder } from './frameDecoder.js';
import { MessageRefusedError, PeerLostError } from './errors.js';
import type { Connection } from './Connection.js';

/**
 * Passes the messages of a peer to `next`. It calls `next` directly: an operator between them would cost as much as
 * decoding.
 *
 * Completes when the peer closes the connection between two messages and everything written to the stream has been sent.
 * Errors with `FrameSizeError` and `MessageRefusedError`, and with `PeerLostError` for every other end.
 *
 *     stream ──chunk──► decoder ──message──► next      reading ⇄ paused: bytes stay in the decoder, then in the stream,
 *        ▲                                │             then in the kernel, then at the peer
 *        └──── paused: not read ◄─────────┘
 *
 * 1. The stream flows only while not paused and while the decoder has no whole message. So one chunk is held at a time.
 * 2. `drain` is a loop and never recurses, even if the level toggles inside `next`.
 * 3. While paused nothing is emitted. If the stream ends then, the end is reported after the messages before it.
 */
export const receive = (
  { peer, stream }: Pick<Connection, 'peer' | 'stream'>,
  options: {
    readonly maxMessageBytes: number;
    /** Emits its current value on subscription, and never ends. */
    readonly paused$: Observable<boolean>;
    readonly next: (message: Uint8Array) => void;
    /** Returns or throws the error of an invalid message. The message is not emitted, and the connection ends. */
    readonly validate?: ((message: Uint8Array) => Error | undefined) | undefined;
    /** Called after messages were passed to `next`, once for all that were at hand. */
    readonly heard?: () => void;
  },
): Observable<never> =>
  new Observable<never>(subscriber => {
    const { maxMessageBytes, paused$, next, validate, heard } = options;
    const decoder = frameDecoder(maxMessageBytes);
    let isPaused = false;
    let isDraining = false;
    let isFlowing = false;
    // a stream that was closed earlier does not emit `close` again
    let ended: { readonly cause?: Error } | undefined = stream.closed ? {} : undefined;

    const drain = () => {
      if (isDraining) return;
      isDraining = true;
      try {
        let hasAny = false;
        while (!isPaused && !subscriber.closed) {
          const message = decoder.next();
          if (message === undefined) break;
          hasAny = true;
          if (validate !== undefined) admit(message, validate);
          next(message);
        }
        if (hasAny) heard?.();
      } catch (error) {
        subscriber.error(error);
      }
      isDraining = false;
      if (subscriber.closed) return;
      if (!isPaused && ended !== undefined) finish(ended.cause);
      else if (isFlowing === isPaused) {
        isFlowing = !isPaused;
        if (isFlowing) stream.resume();
        else stream.pause();
      }
    };
    const admit = (message: Uint8Array, wrongWith: (message: Uint8Array) => Error | undefined) => {
      let wrong: unknown;
      try {
        wrong = wrongWith(message);
      } catch (error) {
        wrong = error;
      }
      ignoreOutcome(wrong);
      if (wrong !== undefined) throw new MessageRefusedError(peer, message.length, wrong);
    };
    const finish = (cause?: Error) => {
      const partial = decoder.partialBytes;
      const unsent = stream.writableLength;
      if (cause === undefined && partial === 0 && unsent === 0) subscriber.complete();
      else subscriber.error(new PeerLostError(peer, { partial, unsent }, cause));
    };

    const onData = (chunk: Uint8Array) => {
      decoder.feed(chunk);
      drain();
    };
    const onError = (cause: Error) => {
      ended ??= { cause };
      drain();
    };
    const onEnd = () => {
      ended ??= {};
      drain();
    };
    stream.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);
    subscriber.add(() => stream.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd));
    const onPause = (now: boolean) => {
      isPaused = now;
      drain();
    };
    subscriber.add(followLevel(paused$, onPause, error => subscriber.error(error)));
    drain();
  });
