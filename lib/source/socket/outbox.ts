import { Observable } from 'rxjs';
import { anyTrue } from '../../flow/level/anyTrue.js';
import { RingBuffer } from '../../flow/RingBuffer.js';
import { openSource, type Source } from '../../flow/contract/Source.js';
import { noSettlement } from '../../flow/settlement/noSettlement.js';
import { MessageTooLargeError } from '../disk/errors.js';
import { checkBytes } from '../MessageTypeError.js';
import { encodeFrame, frameHeader, FRAME_HEADER_BYTES } from './frame.js';
import { SendBufferFullError } from './errors.js';
import type { Connection } from './Connection.js';

/** A queue of messages to send, over one connection after another. */
export interface Outbox {
  /**
   * Takes messages from the source while subscribed. Emits nothing, and completes with the source. Errors with the
   * source's errors, `SendBufferFullError`, `MessageTypeError` and `MessageTooLargeError`.
   */
  readonly pump$: Observable<never>;
  /** Sends over this connection while subscribed. Completes when everything is sent, or when the connection closes. */
  readonly to: (connection: Connection) => Observable<never>;
  /** Whether the source has completed and everything is written. */
  readonly done: boolean;
}

/** In bytes. Copying a smaller message next to its header costs less than a second write. */
const COPIED_BELOW = 4096;

/**
 * Sends the messages of a source. Pauses the source while no peer is connected, and while the write buffer of the
 * stream is full.
 *
 *     source ──message──► waiting ──frame──► stream's buffer ──► kernel ──► peer
 *        ▲                   │                    │
 *        └──── paused: no peer, or messages wait, or full
 *
 * 1. Messages wait until a connection takes them; the next connection sends them first. At most `maxMessageBytes` and
 *    one message wait. More is an error: the source ignores its pause.
 * 2. A single message over `maxMessageBytes` is an error, since a peer with the same limit would reject it.
 * 3. The buffer of the stream holds at most its high-water mark and one message.
 * 4. Frames written in the same tick leave together: the stream is corked until the end of the tick.
 */
export const outbox = (source: Source<Uint8Array>, maxMessageBytes: number): Outbox => {
  const waiting = new RingBuffer<Uint8Array>();
  let waitingBytes = 0;
  let stream: Connection['stream'] | undefined;
  let isFull = false;
  let isCorked = false;
  let hasSourceEnded = false;
  let finish = () => {};
  const pause = anyTrue();
  const setPause = (on: boolean) => {
    if (on === pause.value) return;
    if (on) pause.raise();
    else pause.lower();
  };
  setPause(true);

  const write = (to: Connection['stream'], message: Uint8Array) => {
    if (!isCorked) {
      isCorked = true;
      to.cork();
      process.nextTick(() => {
        isCorked = false;
        to.uncork();
      });
    }
    if (message.length < COPIED_BELOW) isFull = !to.write(encodeFrame(message));
    else {
      to.write(frameHeader(message.length));
      isFull = !to.write(message);
    }
  };
  const isDone = () => hasSourceEnded && waiting.length === 0;
  const advance = () => {
    while (stream !== undefined && !isFull && waiting.length > 0) {
      const message = waiting.shift()!;
      waitingBytes -= FRAME_HEADER_BYTES + message.length;
      write(stream, message);
    }
    setPause(stream === undefined || isFull || waiting.length > 0);
    if (isDone()) finish();
  };

  return {
    pump$: new Observable<never>(subscriber =>
      openSource(source, pause.level$, noSettlement('a socket')).subscribe({
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
          waitingBytes += FRAME_HEADER_BYTES + message.length;
          advance();
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          hasSourceEnded = true;
          subscriber.complete();
          advance();
        },
      }),
    ),
    to: connection =>
      new Observable<never>(subscriber => {
        const onDrain = () => {
          isFull = false;
          advance();
        };
        const onClose = () => subscriber.complete();
        connection.stream.on('drain', onDrain).on('close', onClose);
        subscriber.add(() => {
          connection.stream.off('drain', onDrain).off('close', onClose);
          stream = undefined;
          finish = () => {};
          setPause(true);
        });
        stream = connection.stream;
        finish = () => subscriber.complete();
        isFull = stream.writableNeedDrain;
        advance();
      }),
    get done() {
      return isDone();
    },
  };
};
