import { Buffer } from 'node:buffer';

/**
 * How a message travels: its length as a 64-bit big-endian number, then its bytes. Zero-length messages are legal.
 * (The mapping of the scalability protocols to TCP: the frames of nng, nanomsg and mangos.)
 */
export const frameHeaderBytes = 8;

const withHeader = (length: number, room: number): Buffer => {
  const frame = Buffer.allocUnsafe(frameHeaderBytes + room);
  frame.writeUInt32BE(Math.floor(length / 2 ** 32), 0);
  frame.writeUInt32BE(length % 2 ** 32, 4);
  return frame;
};

/** What stands before a message of `length` bytes. */
export const frameHeader = (length: number): Uint8Array => withHeader(length, 0);

/** A whole frame, its message copied. */
export const encodeFrame = (message: Uint8Array): Uint8Array => {
  const frame = withHeader(message.length, message.length);
  frame.set(message, frameHeaderBytes);
  return frame;
};
