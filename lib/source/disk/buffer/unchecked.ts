import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { BATCH_BYTES } from './Batch.js';
import { readCount } from '../format/bytes.js';
import { BufferFileError } from '../errors.js';
import type { FileSystem, OpenFile } from './fileSystem/FileSystem.js';
import { HEADER_BYTES, readSize, sizeBounds, SIZE_BYTES } from '../format/record.js';
import type { Segment } from './Segment.js';
import { CHECKSUM_BYTES, checksumsName, writeChecksum } from '../format/checksums.js';

/** A file of records without checksums. */
export interface Unchecked {
  readonly segment: Segment;
  /** The checksums for its records. */
  readonly checksums: Uint8Array;
  readonly events: number;
}

/**
 * Reads a file of records that has no checksums: a Go node wrote it, or it was copied without the hidden files. It is
 * validated by the rules of the format alone: the size and the number of each record.
 *
 * Writes nothing. Throws `BufferFileError` if a record breaks the rules, or is cut off in a file that is not the newest.
 */
export const readUnchecked = async (
  files: FileSystem,
  directory: string,
  segment: Segment,
  options: { readonly maxMessageBytes: number; readonly isNewest: boolean },
): Promise<Unchecked> => {
  const path = join(directory, segment.name);
  const fail = (offset: number, expected: string, found: string): never => {
    throw new BufferFileError({ file: path, offset, expected, found });
  };
  const file = await files.open(path, 'read');
  try {
    const fileBytes = await file.size();
    const sums: Uint8Array[] = [];
    let end = 0;
    let last = segment.from - 1;
    for (;;) {
      const batch = await readBatch(file, { fileBytes, end, last, to: segment.to, fail, ...options });
      if (batch.length === 0) break;
      end += batch.length;
      last = batch.last;
      const sum = new Uint8Array(CHECKSUM_BYTES);
      writeChecksum(crc32, sum, 0, { end, last, batch: batch.bytes });
      sums.push(sum);
    }
    if (!options.isNewest && last < segment.to)
      fail(end, `records up to ${segment.to}`, `the end of the file after ${last}`);
    return { segment, checksums: Buffer.concat(sums), events: last - segment.from + 1 };
  } finally {
    await file.close();
  }
};

interface Place {
  readonly fileBytes: number;
  /** Where the batch begins, and the number of the last record before it. */
  readonly end: number;
  readonly last: number;
  readonly to: number;
  readonly maxMessageBytes: number;
  readonly fail: (offset: number, expected: string, found: string) => never;
}

interface WholeRecords {
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly last: number;
}

/** The next complete records within 64 kB, or one larger record. None at the end, or if only a truncated record is left. */
const readBatch = async (file: OpenFile, place: Place): Promise<WholeRecords> => {
  const bytes = await readAt(file, place.end, BATCH_BYTES);
  const batch = wholeRecords(bytes, place);
  if (batch.length > 0 || bytes.length < HEADER_BYTES) return batch;
  const needed = SIZE_BYTES + readSize(bytes, 0);
  if (place.end + needed > place.fileBytes) return batch;
  return wholeRecords(await readAt(file, place.end, needed), place);
};

const readAt = async (file: OpenFile, position: number, bytes: number): Promise<Uint8Array> => {
  const into = Buffer.allocUnsafeSlow(bytes);
  return into.subarray(0, await file.read([into], position));
};

const wholeRecords = (bytes: Uint8Array, { end, last, to, maxMessageBytes, fail }: Place): WholeRecords => {
  const { min, max } = sizeBounds(maxMessageBytes);
  let at = 0;
  let number = last;
  while (at + HEADER_BYTES <= bytes.length) {
    const size = readSize(bytes, at);
    if (size < min || size > max) fail(end + at, `a record's size from ${min} to ${max}`, String(size));
    if (number === to) fail(end + at, 'the end of the file', `a record after number ${to}`);
    const found = readCount(bytes, at + SIZE_BYTES);
    if (found !== number + 1) fail(end + at, `the record with number ${number + 1}`, `number ${found}`);
    if (at + SIZE_BYTES + size > bytes.length) break;
    at += SIZE_BYTES + size;
    number++;
  }
  return { bytes: bytes.subarray(0, at), length: at, last: number };
};

/** Writes the checksums of a file, all or none. */
export const writeChecksums = async (
  files: FileSystem,
  directory: string,
  { segment, checksums }: Unchecked,
): Promise<void> => {
  const path = join(directory, checksumsName(segment.name));
  const file = await files.open(`${path}.new`, 'create');
  try {
    await file.write([checksums], 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await files.rename(`${path}.new`, path);
  await files.syncDirectory(directory);
};
