import { BehaviorSubject, distinctUntilChanged, map, Observable } from 'rxjs';
import { RingBuffer } from '../../flow/RingBuffer.js';
import { openSource, type Source } from '../../flow/contract/Source.js';
import { MessageTooLargeError } from '../disk/errors.js';
import { checkBytes } from '../MessageTypeError.js';
import { encodeFrame, frameHeader, frameHeaderBytes } from './frame.js';
import { SendBufferFullError } from './SendBufferFullError.js';
import type { Wire } from './Wire.js';

/** What is to be sent, over one connection after the other. */
export interface Outbox {
  /**
   * Takes from the source while subscribed. Emits nothing, completes with the source; its errors, `SendBufferFullError`,
   * `MessageTypeError`, `MessageTooLargeError`.
   */
  readonly pump$: Observable<never>;
  /** Sends over this connection while subscribed. Completes when the source has and everything is written, or it closes. */
  readonly to: (wire: Wire) => Observable<never>;
  /** The source has completed, and everything is written. */
  readonly done: boolean;
}

/** In bytes: copying a small message behind its header costs less than a write of its own. */
const COPIED_BELOW = 4096;

/**
 * The brake of a sender: its source is paused while nobody is connected, and while the stream's write buffer is full.
 *
 *     source ──message──► waiting ──frame──► stream's buffer ──► kernel ──► peer
 *        ▲                   │                    │
 *        └──── paused: nobody, or something waits, or full
 *
 * 1  What waits has not been given to any connection, goes to the next one first, and is at most `maxMessageBytes` and
 *    one message: more is the error of a source that does not obey its pause. So is a message that is larger by itself: no
 *    peer with this bound would take it.
 * 2  The stream's buffer holds at most its high-water mark and one message.
 * 3  Frames given in one go leave in one go: the stream is corked until the end of the tick.
 */
export const outbox = (source: Source<Uint8Array>, maxMessageBytes: number): Outbox => {
  const waiting = new RingBuffer<Uint8Array>();
  let waitingBytes = 0;
  let stream: Wire['stream'] | undefined;
  let full = false;
  let corked = false;
  let sourceEnded = false;
  let finish = () => {};
  const brake$ = new BehaviorSubject(true);
  // Several may follow it, and one of them may change it while it is told: each reads the present value.
  const paused$ = brake$.pipe(
    map(() => brake$.value),
    distinctUntilChanged(),
  );

  const write = (to: Wire['stream'], message: Uint8Array) => {
    if (!corked) {
      corked = true;
      to.cork();
      process.nextTick(() => {
        corked = false;
        to.uncork();
      });
    }
    if (message.length < COPIED_BELOW) full = !to.write(encodeFrame(message));
    else {
      to.write(frameHeader(message.length));
      full = !to.write(message);
    }
  };
  const isDone = () => sourceEnded && waiting.length === 0;
  const advance = () => {
    while (stream !== undefined && !full && waiting.length > 0) {
      const message = waiting.shift()!;
      waitingBytes -= frameHeaderBytes + message.length;
      write(stream, message);
    }
    const now = stream === undefined || full || waiting.length > 0;
    if (now !== brake$.value) brake$.next(now);
    if (isDone()) finish();
  };

  return {
    pump$: new Observable<never>(subscriber =>
      openSource(source, paused$).subscribe({
        next: message => {
          try {
            if (waitingBytes > maxMessageBytes) throw new SendBufferFullError(waitingBytes, maxMessageBytes);
            checkBytes(message);
            if (message.length > maxMessageBytes) throw new MessageTooLargeError(message.length, maxMessageBytes);
          } catch (error) {
            subscriber.error(error);
            return;
          }
          waiting.push(message);
          waitingBytes += frameHeaderBytes + message.length;
          advance();
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          sourceEnded = true;
          subscriber.complete();
          advance();
        },
      }),
    ),
    to: wire =>
      new Observable<never>(subscriber => {
        const onDrain = () => {
          full = false;
          advance();
        };
        const onClose = () => subscriber.complete();
        wire.stream.on('drain', onDrain).on('close', onClose);
        subscriber.add(() => {
          wire.stream.off('drain', onDrain).off('close', onClose);
          stream = undefined;
          finish = () => {};
          if (!brake$.value) brake$.next(true);
        });
        stream = wire.stream;
        finish = () => subscriber.complete();
        full = stream.writableNeedDrain;
        advance();
      }),
    get done() {
      return isDone();
    },
  };
};
