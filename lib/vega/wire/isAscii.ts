/** Whether these bytes are all below 128. Eight at a time: hashes and ids are most of a message, and this is most of its check. */
export const isAscii = (bytes: Uint8Array, start: number, end: number): boolean => {
  let all = 0;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    all |=
      bytes[at]! |
      bytes[at + 1]! |
      bytes[at + 2]! |
      bytes[at + 3]! |
      bytes[at + 4]! |
      bytes[at + 5]! |
      bytes[at + 6]! |
      bytes[at + 7]!;
  }
  for (; at < end; at++) all |= bytes[at]!;
  return all < 0x80;
};
