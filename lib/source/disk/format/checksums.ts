// The checksums that stand beside a file of records (promise D8), so that its own format stays that of the Go node. A batch
// is records that were written together; each has one entry in the file of sums:
//
//     end    8 bytes, big-endian: where the batch ends in the file of records
//     last   8 bytes, big-endian: number of its last record
//     crc    4 bytes, big-endian: CRC-32 of the 16 bytes before, and then of the batch
//
// docs/formats.md describes it with worked bytes.
import { crc32 } from 'node:zlib';
import { readCount, readWord, writeCount, writeWord } from './record.js';

/** Bytes of an entry. */
export const checksumBytes = 20;
const coveredBytes = 16;

export interface Checksum {
  readonly end: number;
  readonly last: number;
  readonly crc: number;
}

/** The file of sums of a file of records; hidden, so that it is none of the folder's records. */
export const checksumsName = (name: string): string => `.${name}.sums`;

export const writeChecksum = (into: Uint8Array, at: number, end: number, last: number, batch: Uint8Array): void => {
  writeCount(into, at, end);
  writeCount(into, at + 8, last);
  writeWord(into, at + coveredBytes, crc32(batch, crc32(into.subarray(at, at + coveredBytes))));
};

export const readChecksum = (bytes: Uint8Array, at: number): Checksum => ({
  end: readCount(bytes, at),
  last: readCount(bytes, at + 8),
  crc: readWord(bytes, at + coveredBytes),
});

/** Whether the entry at `at` is that of this batch, and neither is damaged. */
export const isChecksumOf = (bytes: Uint8Array, at: number, batch: Uint8Array): boolean =>
  crc32(batch, crc32(bytes.subarray(at, at + coveredBytes))) === readChecksum(bytes, at).crc;
