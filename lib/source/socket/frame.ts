import { Buffer } from 'node:buffer';

/**
 * A frame is the length of a message as a 64-bit big-endian number, then its bytes. A length of zero is legal. This is
 * the TCP mapping of the scalability protocols, as nng, nanomsg and mangos use it.
 */
export const FRAME_HEADER_BYTES = 8;

const withHeader = (length: number, room: number): Buffer => {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + room);
  frame.writeUInt32BE(Math.floor(length / 2 ** 32), 0);
  frame.writeUInt32BE(length % 2 ** 32, 4);
  return frame;
};

/** The header of a message of `length` bytes. */
export const frameHeader = (length: number): Uint8Array => withHeader(length, 0);

/** A whole frame, with a copy of the message. */
export const encodeFrame = (message: Uint8Array): Uint8Array => {
  const frame = withHeader(message.length, message.length);
  frame.set(message, FRAME_HEADER_BYTES);
  return frame;
};
