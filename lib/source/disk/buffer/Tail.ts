import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { BufferFileError } from '../errors.js';
import { HEADER_BYTES } from '../format/record.js';
import type { FileSystem } from './fileSystem/FileSystem.js';
import { closeSegment, openSegment, syncSegment, type Segment, type SegmentFiles } from './Segment.js';
import { isChecksumOf, readChecksum, CHECKSUM_BYTES } from '../format/checksums.js';

/** The segment that is being written, and how much of it has been written. */
export interface Tail {
  readonly segment: Segment;
  readonly files: SegmentFiles;
  /** Bytes of records in it. */
  end: number;
  /** Batches in it: the entries in its file of checksums. */
  batches: number;
  /** The number of the last record in it; `from − 1` if there is none. */
  last: number;
}

/** Creates a segment. Once this resolves, its names survive a crash. */
export const createTail = async (files: FileSystem, directory: string, segment: Segment): Promise<Tail> => {
  const opened = await openSegment(files, directory, segment, 'new');
  try {
    await files.syncDirectory(directory);
  } catch (error) {
    await closeSegment(opened);
    throw error;
  }
  return { segment, files: opened, end: 0, batches: 0, last: segment.from - 1 };
};

/** Entries per read. */
const ENTRIES_AT_ONCE = 1024;

/**
 * Opens the last segment after a stop of any kind (promise D5). Keeps the complete, undamaged batches, and truncates the
 * rest, which was never durable. Afterwards everything in it is synced.
 *
 * Throws `BufferFileError` if a record up to `synced` would be truncated: then a durable record is damaged.
 */
export const recoverTail = async (
  files: FileSystem,
  directory: string,
  segment: Segment,
  synced: number,
): Promise<Tail> => {
  const file = join(directory, segment.name);
  const opened = await openSegment(files, directory, segment, 'update');
  try {
    const tail: Tail = { segment, files: opened, end: 0, batches: 0, last: segment.from - 1 };
    const fileBytes = await opened.records.size();
    await keepUndamaged(tail, fileBytes, synced);
    if (tail.last < synced)
      throw new BufferFileError({
        file,
        offset: tail.end,
        expected: `undamaged records up to ${synced}, which were synced`,
        found: `damage after record ${tail.last}`,
      });
    await opened.records.truncate(tail.end);
    await opened.checksums.truncate(tail.batches * CHECKSUM_BYTES);
    await syncSegment(opened);
    await files.syncDirectory(directory);
    return tail;
  } catch (error) {
    await closeSegment(opened);
    throw error;
  }
};

/** Moves the tail past every batch to keep. Synced ones are verified when they are read, later ones here. */
const keepUndamaged = async (tail: Tail, fileBytes: number, synced: number): Promise<void> => {
  const { records, checksums } = tail.files;
  const entries = new Uint8Array(ENTRIES_AT_ONCE * CHECKSUM_BYTES);
  for (;;) {
    const read = await checksums.read([entries], tail.batches * CHECKSUM_BYTES);
    for (let at = 0; at + CHECKSUM_BYTES <= read; at += CHECKSUM_BYTES) {
      const { end, last } = readChecksum(entries, at);
      if (!mayFollow(tail, end, last) || end > fileBytes) return;
      if (last > synced) {
        const batch = new Uint8Array(end - tail.end);
        if ((await records.read([batch], tail.end)) < batch.length || !isChecksumOf(crc32, entries, at, batch)) return;
      }
      tail.end = end;
      tail.last = last;
      tail.batches++;
    }
    if (read < entries.length) return;
  }
};

/** Whether an entry can be the next one: its batch has at least one record, and enough bytes for all of its records. */
export const mayFollow = (
  { segment, end, last }: Pick<Tail, 'segment' | 'end' | 'last'>,
  nextEnd: number,
  nextLast: number,
): boolean => nextLast > last && nextLast <= segment.to && nextEnd - end >= (nextLast - last) * HEADER_BYTES;
