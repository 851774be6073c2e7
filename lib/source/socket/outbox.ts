import { Observable } from 'rxjs';
import { anyTrue } from '../../flow/level/anyTrue.js';
import { RingBuffer } from '../../flow/RingBuffer.js';
import { openSource, type Source } from '../../flow/contract/Source.js';
import { MessageTooLargeError } from '../disk/MessageTooLargeError.js';
import { checkBytes } from '../MessageTypeError.js';
import { encodeFrame, frameHeader, frameHeaderBytes } from './frame.js';
import { SendBufferFullError } from './errors.js';
import type { Connection } from './Connection.js';

/** What is to be sent, over one connection after the other. */
export interface Outbox {
  /**
   * Takes from the source while subscribed. Emits nothing, completes with the source; its errors, `SendBufferFullError`,
   * `MessageTypeError`, `MessageTooLargeError`.
   */
  readonly pump$: Observable<never>;
  /** Sends over this connection while subscribed. Completes when the source has and everything is written, or it closes. */
  readonly to: (connection: Connection) => Observable<never>;
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
  let stream: Connection['stream'] | undefined;
  let full = false;
  let corked = false;
  let sourceEnded = false;
  let finish = () => {};
  const brake = anyTrue();
  const setBrake = (on: boolean) => {
    if (on === brake.value) return;
    if (on) brake.raise();
    else brake.lower();
  };
  setBrake(true);

  const write = (to: Connection['stream'], message: Uint8Array) => {
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
    setBrake(stream === undefined || full || waiting.length > 0);
    if (isDone()) finish();
  };

  return {
    pump$: new Observable<never>(subscriber =>
      openSource(source, brake.level$).subscribe({
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
    to: connection =>
      new Observable<never>(subscriber => {
        const onDrain = () => {
          full = false;
          advance();
        };
        const onClose = () => subscriber.complete();
        connection.stream.on('drain', onDrain).on('close', onClose);
        subscriber.add(() => {
          connection.stream.off('drain', onDrain).off('close', onClose);
          stream = undefined;
          finish = () => {};
          setBrake(true);
        });
        stream = connection.stream;
        finish = () => subscriber.complete();
        full = stream.writableNeedDrain;
        advance();
      }),
    get done() {
      return isDone();
    },
  };
};
