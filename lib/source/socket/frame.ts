/**
 * How a message travels: its length as a 64-bit big-endian number, then its bytes. Zero-length messages are legal.
 * (The mapping of the scalability protocols to TCP; the frames of nng, nanomsg and mangos.)
 */
export const frameHeaderBytes = 8;

/** What stands before a message of `length` bytes. */
export const frameHeader = (length: number): Uint8Array => {
  const header = new Uint8Array(frameHeaderBytes);
  const view = new DataView(header.buffer);
  view.setUint32(0, Math.floor(length / 2 ** 32));
  view.setUint32(4, length >>> 0);
  return header;
};

/** A whole frame, its message copied. */
export const encodeFrame = (message: Uint8Array): Uint8Array => {
  const frame = new Uint8Array(frameHeaderBytes + message.length);
  frame.set(frameHeader(message.length));
  frame.set(message, frameHeaderBytes);
  return frame;
};
