import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { BufferFileError } from '../errors.js';
import { headerBytes } from '../format/record.js';
import type { FileSystem } from './fileSystem/FileSystem.js';
import { closeSegment, openSegment, syncSegment, type Segment, type SegmentFiles } from './Segment.js';
import { isChecksumOf, readChecksum, checksumBytes } from '../format/checksums.js';

/** The segment that is written to, and how far it has come. */
export interface Tail {
  readonly segment: Segment;
  readonly files: SegmentFiles;
  /** Bytes of records in it. */
  end: number;
  /** Batches in it, which is entries in its file of sums. */
  batches: number;
  /** Number of the last record in it; `from − 1` where there is none. */
  last: number;
}

/** Begins a segment. When this is done its names survive a crash. */
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

/** How many entries are read at once. */
const entriesAtOnce = 1024;

/**
 * Opens the last segment after a stop of any kind (promise D5): keeps the batches that are whole and sound, and cuts off
 * what stands behind them, which nobody was promised. Afterwards all that it holds is on the disk.
 *
 * Throws `BufferFileError` where a record up to `synced` is among what would be cut off: that is damage.
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
    await takeSound(tail, fileBytes, synced);
    if (tail.last < synced)
      throw new BufferFileError({
        file,
        offset: tail.end,
        expected: `sound records up to ${synced}, which were synced`,
        found: `damage behind record ${tail.last}`,
      });
    await opened.records.truncate(tail.end);
    await opened.checksums.truncate(tail.batches * checksumBytes);
    await syncSegment(opened);
    await files.syncDirectory(directory);
    return tail;
  } catch (error) {
    await closeSegment(opened);
    throw error;
  }
};

/** Moves the tail behind every batch that may stay: synced ones are verified when they are read, later ones here. */
const takeSound = async (tail: Tail, fileBytes: number, synced: number): Promise<void> => {
  const { records, checksums } = tail.files;
  const entries = new Uint8Array(entriesAtOnce * checksumBytes);
  for (;;) {
    const read = await checksums.read([entries], tail.batches * checksumBytes);
    for (let at = 0; at + checksumBytes <= read; at += checksumBytes) {
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

/** Whether a batch that ends there can come next: it holds at least one record, and room for each that it claims. */
export const mayFollow = (
  { segment, end, last }: Pick<Tail, 'segment' | 'end' | 'last'>,
  nextEnd: number,
  nextLast: number,
): boolean => nextLast > last && nextLast <= segment.to && nextEnd - end >= (nextLast - last) * headerBytes;
