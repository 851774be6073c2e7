import { FrameSizeError } from './errors.js';
import { FRAME_HEADER_BYTES } from './frame.js';

/**
 * Turns frames back into messages, however the bytes are split into chunks. The receiver pulls each message, so while
 * it is paused the rest stays undecoded.
 */
export interface FrameDecoder {
  /** Adds the next bytes. Call it only after `next` has returned `undefined`: the decoder holds one chunk at a time. */
  feed(chunk: Uint8Array): void;
  /** The next whole message; `undefined` if more bytes are needed. Throws `FrameSizeError`; do not call it again then. */
  next(): Uint8Array | undefined;
  /** Bytes received of an unfinished message, with its header; 0 between messages. */
  readonly partialBytes: number;
}

/** The first buffer for a message that arrives in pieces, in bytes. Its size doubles, so collecting takes linear time. */
const FIRST_ROOM = 65_536;

/** A header or a body that arrives in pieces. `has` bytes have arrived. */
interface Pieces {
  readonly has: number;
  readonly add: (piece: Uint8Array, length: number) => void;
  /** Returns all the bytes, and starts over. */
  readonly take: () => Uint8Array;
}

/** The buffer never exceeds the announced length, nor the larger of `FIRST_ROOM` and twice what has arrived. */
const piecesOf = (): Pieces => {
  let room = new Uint8Array(0);
  const pieces = {
    has: 0,
    add: (piece: Uint8Array, length: number) => {
      const has = pieces.has + piece.length;
      if (room.length < has) {
        const larger = new Uint8Array(Math.min(length, Math.max(has, 2 * room.length, FIRST_ROOM)));
        larger.set(room.subarray(0, pieces.has));
        room = larger;
      }
      room.set(piece, pieces.has);
      pieces.has = has;
    },
    take: () => {
      const whole = room;
      room = new Uint8Array(0);
      pieces.has = 0;
      return whole;
    },
  };
  return pieces;
};

/**
 * Decodes frames (see `frame.ts`). Memory grows with the bytes that have arrived, never with the announced length.
 *
 * A message that lies within one chunk is a view of that chunk, not a copy. Any other message is collected in one
 * buffer.
 */
export const frameDecoder = (maxMessageBytes: number): FrameDecoder => {
  //   chunk    . . . . H H H H H H H H m m m m m      bytes before `at` are decoded
  //                    at                       end
  //   length   of the message whose bytes come next; -1 while it is not known; at most `maxMessageBytes`
  const header = piecesOf();
  const body = piecesOf();
  // Read once per chunk: these getters of a Uint8Array cost more than creating a view.
  let memory: ArrayBufferLike = new ArrayBuffer(0);
  let offset = 0;
  let view: DataView = new DataView(memory);
  let at = 0;
  let end = 0;
  let length = -1;

  const lengthIn = (from: DataView, start: number): number => {
    const high = from.getUint32(start);
    const low = from.getUint32(start + 4);
    const announced = high * 2 ** 32 + low;
    if (announced > maxMessageBytes) throw new FrameSizeError((BigInt(high) << 32n) | BigInt(low), maxMessageBytes);
    return announced;
  };
  const takePiece = (most: number): Uint8Array => {
    const piece = new Uint8Array(memory, offset + at, Math.min(most, end - at));
    at += piece.length;
    return piece;
  };
  const nextLength = (): boolean => {
    if (header.has === 0 && end - at >= FRAME_HEADER_BYTES) {
      length = lengthIn(view, at);
      at += FRAME_HEADER_BYTES;
      return true;
    }
    header.add(takePiece(FRAME_HEADER_BYTES - header.has), FRAME_HEADER_BYTES);
    if (header.has < FRAME_HEADER_BYTES) return false;
    length = lengthIn(new DataView(header.take().buffer), 0);
    return true;
  };
  const nextMessage = (): Uint8Array | undefined => {
    if (body.has === 0 && end - at >= length) return takePiece(length);
    body.add(takePiece(length - body.has), length);
    return body.has < length ? undefined : body.take();
  };

  return {
    get partialBytes() {
      return length < 0 ? header.has : FRAME_HEADER_BYTES + body.has;
    },
    feed: chunk => {
      memory = chunk.buffer;
      offset = chunk.byteOffset;
      at = 0;
      end = chunk.length;
      view = new DataView(memory, offset, end);
    },
    next: () => {
      // The fast path, for nearly all messages: a whole frame lies in the chunk.
      if (length < 0 && header.has === 0 && at + FRAME_HEADER_BYTES <= end && view.getUint32(at) === 0) {
        const start = at + FRAME_HEADER_BYTES;
        const bytes = view.getUint32(at + 4);
        if (bytes <= maxMessageBytes && start + bytes <= end) {
          at = start + bytes;
          return new Uint8Array(memory, offset + start, bytes);
        }
      }
      if (length < 0 && !nextLength()) return undefined;
      const message = nextMessage();
      if (message !== undefined) length = -1;
      return message;
    },
  };
};
