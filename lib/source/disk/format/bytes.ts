// Reads and writes numbers as the disk formats store them: big-endian.

/** A CRC-32, continued from `before`. The formats take it as a parameter, since Node has a native one and browsers do not. */
export type Crc32 = (bytes: Uint8Array, before?: number) => number;

/** Reads 4 bytes. */
export const readWord = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

/** Writes 4 bytes, one by one: a DataView for each record would cost more than the copy of its message. */
export const writeWord = (into: Uint8Array, at: number, word: number): void => {
  into[at] = word >>> 24;
  into[at + 1] = word >>> 16;
  into[at + 2] = word >>> 8;
  into[at + 3] = word;
};

/** Reads a whole number of 8 bytes; above 2^53 it is rounded. */
export const readCount = (bytes: Uint8Array, at: number): number =>
  readWord(bytes, at) * 2 ** 32 + readWord(bytes, at + 4);

/** Writes a whole number of 8 bytes, up to 2^53. */
export const writeCount = (into: Uint8Array, at: number, count: number): void => {
  writeWord(into, at, Math.floor(count / 2 ** 32));
  writeWord(into, at + 4, count >>> 0);
};
