import { join } from 'node:path';
import { BufferFileError } from './BufferFileError.js';
import type { Files, OpenFile } from './Files.js';
import { parseFileName, printLiveName } from './fileName.js';
import { sumsName } from './sums.js';

/** One file of the disk buffer, with the numbers that its name plans for it. */
export interface Segment {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** A segment's two files. */
export interface SegmentFiles {
  readonly records: OpenFile;
  readonly sums: OpenFile;
}

export const segmentOf = (from: number, to: number): Segment => ({ name: printLiveName(from, to), from, to });

/**
 * The segments in a folder, the oldest first. Throws `BufferFileError` where one is missing between two, or before the first
 * record that is not done with.
 */
export const listSegments = async (files: Files, directory: string, firstWanted: number): Promise<Segment[]> => {
  const segments = (await files.list(directory))
    .flatMap(name => {
      const parsed = parseFileName(name);
      return parsed.kind === 'live' && !parsed.gzipped
        ? [{ name, from: Number(parsed.from), to: Number(parsed.to) }]
        : [];
    })
    .sort((a, b) => a.from - b.from);
  const missing = (number: number, found: string) => {
    const expected = `a file with record ${number}`;
    return new BufferFileError({ file: directory, offset: 0, expected, found });
  };
  const [first] = segments;
  if (first !== undefined && first.from > firstWanted) throw missing(firstWanted, `${first.name} as the first one`);
  segments.forEach((segment, at) => {
    const before = segments[at - 1];
    if (before !== undefined && segment.from !== before.to + 1)
      throw missing(before.to + 1, `${segment.name} behind ${before.name}`);
  });
  return segments;
};

export const openSegment = async (
  files: Files,
  directory: string,
  { name }: Segment,
  mode: 'read' | 'update' | 'create',
): Promise<SegmentFiles> => {
  const records = await files.open(join(directory, name), mode);
  try {
    return { records, sums: await files.open(join(directory, sumsName(name)), mode) };
  } catch (error) {
    await records.close();
    throw error;
  }
};

export const closeSegment = async ({ records, sums }: SegmentFiles): Promise<void> => {
  await Promise.all([records.close(), sums.close()]);
};

export const syncSegment = async ({ records, sums }: SegmentFiles): Promise<void> => {
  await Promise.all([records.sync(), sums.sync()]);
};

export const removeSegment = async (files: Files, directory: string, { name }: Segment): Promise<void> => {
  await files.remove(join(directory, name));
  await files.remove(join(directory, sumsName(name)));
};
