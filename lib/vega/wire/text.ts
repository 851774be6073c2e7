import { isAscii } from './isAscii.js';

// `ignoreBOM`: without it, a leading byte order mark would be lost without a word.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Above it, a call of the decoder is cheaper than a loop. */
const shortText = 20;

/** Whether these bytes are valid UTF-8. Makes nothing where they are ASCII. */
export const isText = (bytes: Uint8Array, start: number, end: number): boolean => {
  if (isAscii(bytes, start, end)) return true;
  try {
    utf8.decode(bytes.subarray(start, end));
    return true;
  } catch {
    return false;
  }
};

/** The text of bytes that are valid UTF-8. */
export const readText = (bytes: Uint8Array, start: number, end: number): string => {
  if (end - start > shortText) return utf8.decode(bytes.subarray(start, end));
  let text = '';
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte > 0x7f) return utf8.decode(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
};
