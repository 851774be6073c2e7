// `ignoreBOM`: without it, a leading byte order mark would be lost without a word.
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** Above it, a call of the decoder is cheaper than a loop. */
const shortText = 20;

/** Whether these bytes are valid UTF-8. */
export const isText = (bytes: Uint8Array, start: number, end: number): boolean => {
  try {
    strict.decode(bytes.subarray(start, end));
    return true;
  } catch {
    return false;
  }
};

/** The text of these bytes; what is no valid UTF-8 becomes U+FFFD. */
export const readText = (bytes: Uint8Array, start: number, end: number): string => {
  if (end - start > shortText) return lenient.decode(bytes.subarray(start, end));
  let text = '';
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const [a, b, c, d] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!];
    if ((a | b | c | d) > 0x7f) return lenient.decode(bytes.subarray(start, end));
    text += String.fromCharCode(a, b, c, d);
  }
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte > 0x7f) return lenient.decode(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
};
