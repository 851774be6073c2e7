// The checksums of a file of records (promise D8). They have a file of their own, so that the records keep the format of
// the Go node. A batch is a run of records that were written together. Each batch has one entry:
//
//     end    8 bytes, big-endian: where the batch ends in the file of records
//     last   8 bytes, big-endian: the number of its last record
//     crc    4 bytes, big-endian: CRC-32 of the 16 bytes before, then of the batch
//
// docs/formats.md describes it with worked bytes.
import { readCount, readWord, writeCount, writeWord, type Crc32 } from './bytes.js';

/** Bytes of an entry. */
export const CHECKSUM_BYTES = 20;
const COVERED_BYTES = 16;

export interface Checksum {
  readonly end: number;
  readonly last: number;
  readonly crc: number;
}

/** The name of the file with the checksums of `name`. It is hidden, so it does not count as a file of records. */
export const checksumsName = (name: string): string => `.${name}.sums`;

export const writeChecksum = (
  crc32: Crc32,
  into: Uint8Array,
  at: number,
  { end, last, batch }: { readonly end: number; readonly last: number; readonly batch: Uint8Array },
): void => {
  writeCount(into, at, end);
  writeCount(into, at + 8, last);
  writeWord(into, at + COVERED_BYTES, crc32(batch, crc32(into.subarray(at, at + COVERED_BYTES))));
};

export const readChecksum = (bytes: Uint8Array, at: number): Checksum => ({
  end: readCount(bytes, at),
  last: readCount(bytes, at + 8),
  crc: readWord(bytes, at + COVERED_BYTES),
});

/** Whether the entry at `at` belongs to `batch` and both are undamaged. */
export const isChecksumOf = (crc32: Crc32, bytes: Uint8Array, at: number, batch: Uint8Array): boolean =>
  crc32(batch, crc32(bytes.subarray(at, at + COVERED_BYTES))) === readWord(bytes, at + COVERED_BYTES);
