/** Whether `bytes` hold the same as `known`, from `start` on; eight at a time, as most of what is compared is the same. */
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
