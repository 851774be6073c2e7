import { join } from 'node:path';
import { BufferFileError } from '../errors.js';
import type { FileSystem, OpenFile } from './fileSystem/FileSystem.js';
import { parseFileName, printLiveName } from '../format/fileName.js';
import { checksumsName } from '../format/checksums.js';

/** One file of the disk buffer. Its name says which record numbers it is planned to hold. */
export interface Segment {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** A segment's two files. */
export interface SegmentFiles {
  readonly records: OpenFile;
  readonly checksums: OpenFile;
}

export const segmentOf = (from: number, to: number): Segment => {
  const last = Math.min(to, Number.MAX_SAFE_INTEGER);
  return { name: printLiveName(from, last), from, to: last };
};

/**
 * The segments among the names in a folder, the oldest first. Throws `BufferFileError` if one is missing between two others,
 * or is gzipped.
 */
export const listSegments = (names: readonly string[], directory: string): Segment[] => {
  const segments: Segment[] = [];
  for (const name of names) {
    const parsed = parseFileName(name);
    if (parsed.kind !== 'live') continue;
    if (parsed.gzipped) {
      const expected = 'a file that is not gzipped, since only an archive has such files';
      throw new BufferFileError({ file: join(directory, name), offset: 0, expected, found: 'a gzipped one' });
    }
    segments.push({ name, from: Number(parsed.from), to: Number(parsed.to) });
  }
  segments.sort((a, b) => a.from - b.from);
  segments.forEach((segment, at) => {
    const before = segments[at - 1];
    if (before !== undefined && segment.from !== before.to + 1)
      throw missing(directory, before.to + 1, `${segment.name} after ${before.name}`);
  });
  return segments;
};

export const missing = (directory: string, number: number, found: string): BufferFileError =>
  new BufferFileError({ file: directory, offset: 0, expected: `a file with record ${number}`, found });

export const openSegment = async (
  files: FileSystem,
  directory: string,
  { name }: Segment,
  mode: 'read' | 'update' | 'new',
): Promise<SegmentFiles> => {
  const records = await files.open(join(directory, name), mode);
  try {
    // checksums without records may be left from an interrupted run: they are overwritten
    const sumsMode = mode === 'new' ? 'create' : mode;
    return { records, checksums: await files.open(join(directory, checksumsName(name)), sumsMode) };
  } catch (error) {
    await records.close();
    throw error;
  }
};

export const closeSegment = async ({ records, checksums }: SegmentFiles): Promise<void> => {
  await Promise.all([records.close(), checksums.close()]);
};

export const syncSegment = async ({ records, checksums }: SegmentFiles): Promise<void> => {
  await Promise.all([records.sync(), checksums.sync()]);
};

export const removeSegment = async (files: FileSystem, directory: string, { name }: Segment): Promise<void> => {
  await files.remove(join(directory, name));
  await files.remove(join(directory, checksumsName(name)));
};
