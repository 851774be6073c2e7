import { frameHeaderBytes } from './frame.js';
import { FrameSizeError } from './errors.js';

/** Frames back into messages, the bytes cut anywhere. Pulled, so that a paused receiver leaves the rest undecoded. */
export interface FrameDecoder {
  /** The next bytes. Only when `next` has given nothing: one chunk is held at a time. */
  feed(chunk: Uint8Array): void;
  /** The next whole message; `undefined`: more bytes are needed. Throws `FrameSizeError`, and is of no use then. */
  next(): Uint8Array | undefined;
  /** Bytes of a message that is not whole yet, its header counted; 0 between messages. */
  readonly partialBytes: number;
}

/** A message that does not lie in one chunk starts with room for this much, and doubles: linear time. */
const FIRST_ROOM = 65_536;

/**
 * A decoder of frames (see `frame.ts`) that allocates for bytes it has, never for bytes that are claimed.
 *
 * A message that lies in one chunk is a view of it: no copy. Any other is collected in one buffer, however small its
 * pieces: never larger than the message, and never larger than `FIRST_ROOM` or twice what has come of it.
 */
export const frameDecoder = (maxMessageBytes: number): FrameDecoder => {
  //   chunk      . . . . H H H H H H H H m m m m m    bytes before `at` are done, those from it on are not
  //                      at
  //   header     the 8 bytes of a length, where they were cut: the first `headerHas` are there
  //   length     of the message whose bytes come next; -1 while that is not known
  //   collected  the first `has` bytes of it, where they were cut
  // Invariants: 1. length ≤ maxMessageBytes. 2. collected.length ≤ max(length, 0). 3. has > 0 only where length ≥ 0.
  const header = new Uint8Array(frameHeaderBytes);
  const headerView = new DataView(header.buffer);
  let headerHas = 0;
  let chunk: Uint8Array = new Uint8Array(0);
  let chunkView: DataView = headerView;
  // Asked for once a chunk: these getters cost more than the view that is made with them.
  let memory: ArrayBufferLike = header.buffer;
  let offset = 0;
  let at = 0;
  let end = 0;
  let length = -1;
  let collected = chunk;
  let has = 0;

  const readLength = (view: DataView, offset: number): void => {
    const high = view.getUint32(offset);
    const low = view.getUint32(offset + 4);
    const claimed = high * 2 ** 32 + low;
    if (claimed > maxMessageBytes) throw new FrameSizeError((BigInt(high) << 32n) | BigInt(low), maxMessageBytes);
    length = claimed;
  };
  const nextLength = (): boolean => {
    if (headerHas === 0 && chunk.length - at >= frameHeaderBytes) {
      readLength(chunkView, at);
      at += frameHeaderBytes;
      return true;
    }
    const piece = chunk.subarray(at, at + frameHeaderBytes - headerHas);
    header.set(piece, headerHas);
    headerHas += piece.length;
    at += piece.length;
    if (headerHas < frameHeaderBytes) return false;
    headerHas = 0;
    readLength(headerView, 0);
    return true;
  };
  const collect = (): void => {
    const piece = chunk.subarray(at, at + length - has);
    if (collected.length < has + piece.length) {
      const room = Math.min(length, Math.max(has + piece.length, 2 * collected.length, FIRST_ROOM));
      const larger = new Uint8Array(room);
      larger.set(collected.subarray(0, has));
      collected = larger;
    }
    collected.set(piece, has);
    has += piece.length;
    at += piece.length;
  };

  return {
    get partialBytes() {
      return length < 0 ? headerHas : frameHeaderBytes + has;
    },
    feed: bytes => {
      memory = bytes.buffer;
      offset = bytes.byteOffset;
      chunk = new Uint8Array(memory, offset, bytes.length);
      chunkView = new DataView(memory, offset, bytes.length);
      at = 0;
      end = bytes.length;
    },
    next: () => {
      // The short way, for nearly all: a whole frame lies before us.
      if (length < 0 && headerHas === 0 && at + frameHeaderBytes <= end && chunkView.getUint32(at) === 0) {
        const from = at + frameHeaderBytes;
        const bytes = chunkView.getUint32(at + 4);
        if (bytes <= maxMessageBytes && from + bytes <= end) {
          at = from + bytes;
          return new Uint8Array(memory, offset + from, bytes);
        }
      }
      if (length < 0 && !nextLength()) return undefined;
      let message: Uint8Array;
      if (has === 0 && chunk.length - at >= length) {
        message = new Uint8Array(memory, offset + at, length);
        at += length;
      } else {
        collect();
        if (has < length) return undefined;
        message = collected;
        collected = new Uint8Array(0);
        has = 0;
      }
      length = -1;
      return message;
    },
  };
};
