// The record format (promise R1), which is that of the Go node:
//
//     S         4 bytes, big-endian: bytes of the number and the message
//     number    8 bytes, big-endian
//     message   S − 8 bytes
//
// Both its sizes and its bytes are described in docs/formats.md.

/** Bytes of a record's size. */
export const sizeBytes = 4;
/** Bytes of a record before its message. */
export const headerBytes = 12;
/** Default of every `maxMessageBytes`: 64 MiB. */
export const defaultMaxMessageBytes = 64 * 1024 * 1024;

const numberBytes = headerBytes - sizeBytes;

/** What a record's size may be. */
export interface SizeBounds {
  readonly min: number;
  readonly max: number;
}

export const sizeBounds = (maxMessageBytes: number): SizeBounds => ({
  min: numberBytes,
  max: numberBytes + maxMessageBytes,
});

/** Four bytes, big-endian. */
export const readWord = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

/** The size that stands at `at`, unchecked. */
export const readSize = readWord;

/** The number of the record that begins at `at`. */
export const readNumber = (bytes: Uint8Array, at: number): bigint =>
  (BigInt(readWord(bytes, at + 4)) << 32n) | BigInt(readWord(bytes, at + 8));

/** Writes what stands before a message. Byte by byte: a view for each record would cost more than the copy of its message. */
export const writeHeader = (into: Uint8Array, at: number, number: number, messageBytes: number): void => {
  writeWord(into, at, numberBytes + messageBytes);
  writeCount(into, at + sizeBytes, number);
};

/** A whole number of 8 bytes, big-endian; up to 2^53. */
export const writeCount = (into: Uint8Array, at: number, count: number): void => {
  writeWord(into, at, Math.floor(count / 2 ** 32));
  writeWord(into, at + 4, count >>> 0);
};

/** What `writeCount` wrote; rounded where it is over 2^53. */
export const readCount = (bytes: Uint8Array, at: number): number =>
  readWord(bytes, at) * 2 ** 32 + readWord(bytes, at + 4);

export const writeWord = (into: Uint8Array, at: number, word: number): void => {
  into[at] = word >>> 24;
  into[at + 1] = word >>> 16;
  into[at + 2] = word >>> 8;
  into[at + 3] = word;
};

/** One whole record. */
export const printRecord = (number: number, message: Uint8Array): Uint8Array => {
  const record = new Uint8Array(headerBytes + message.length);
  writeHeader(record, 0, number, message.length);
  record.set(message, headerBytes);
  return record;
};
