// The format of a record (promise R1), which the Go node shares:
//
//     S         4 bytes, big-endian: the size of the number and the message, in bytes
//     number    8 bytes, big-endian
//     message   S − 8 bytes
//
// docs/formats.md describes it with worked bytes.
import { readWord, writeCount, writeWord } from './bytes.js';

/** Bytes of the field `S`. */
export const SIZE_BYTES = 4;
/** Bytes before the message: size and number. */
export const HEADER_BYTES = 12;
/** Default of every `maxMessageBytes`: 64 MiB. */
export const DEFAULT_MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

const NUMBER_BYTES = HEADER_BYTES - SIZE_BYTES;

/** The largest message that the size field allows. */
export const LARGEST_MESSAGE_BYTES = 2 ** 32 - 1 - NUMBER_BYTES;

/** The smallest and the largest valid `S`. */
export interface SizeBounds {
  readonly min: number;
  readonly max: number;
}

export const sizeBounds = (maxMessageBytes: number): SizeBounds => ({
  min: NUMBER_BYTES,
  max: NUMBER_BYTES + maxMessageBytes,
});

/** The size of the record at `at`, not validated. */
export const readSize = readWord;

/** The number of the record at `at`. */
export const readNumber = (bytes: Uint8Array, at: number): bigint =>
  (BigInt(readWord(bytes, at + 4)) << 32n) | BigInt(readWord(bytes, at + 8));

/** Writes the size and the number. */
export const writeHeader = (into: Uint8Array, at: number, number: number, messageBytes: number): void => {
  writeWord(into, at, NUMBER_BYTES + messageBytes);
  writeCount(into, at + SIZE_BYTES, number);
};

/** One whole record. */
export const printRecord = (number: number, message: Uint8Array): Uint8Array => {
  const record = new Uint8Array(HEADER_BYTES + message.length);
  writeHeader(record, 0, number, message.length);
  record.set(message, HEADER_BYTES);
  return record;
};
