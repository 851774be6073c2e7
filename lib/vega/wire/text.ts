// `ignoreBOM`: without it a leading byte order mark would be lost silently.
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** In bytes. For longer texts, calling the decoder is faster than a loop. */
const SHORT_TEXT = 20;

/** Whether these bytes are valid UTF-8. */
export const isText = (bytes: Uint8Array, start: number, end: number): boolean => {
  try {
    strict.decode(bytes.subarray(start, end));
    return true;
  } catch {
    return false;
  }
};

/** The text of these bytes; invalid UTF-8 becomes U+FFFD. */
export const readText = (bytes: Uint8Array, start: number, end: number): string => {
  if (end - start > SHORT_TEXT) return lenient.decode(bytes.subarray(start, end));
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

/** Whether `bytes` contains `known` at `start`. Compares eight at a time, since most comparisons find equal bytes. */
export const isSame = (known: Uint8Array, bytes: Uint8Array, start: number): boolean => {
  const { length } = known;
  let at = 0;
  for (; at + 8 <= length; at += 8) {
    const from = start + at;
    const different =
      (known[at]! ^ bytes[from]!) |
      (known[at + 1]! ^ bytes[from + 1]!) |
      (known[at + 2]! ^ bytes[from + 2]!) |
      (known[at + 3]! ^ bytes[from + 3]!) |
      (known[at + 4]! ^ bytes[from + 4]!) |
      (known[at + 5]! ^ bytes[from + 5]!) |
      (known[at + 6]! ^ bytes[from + 6]!) |
      (known[at + 7]! ^ bytes[from + 7]!);
    if (different !== 0) return false;
  }
  for (; at < length; at++) if (known[at] !== bytes[start + at]) return false;
  return true;
};
