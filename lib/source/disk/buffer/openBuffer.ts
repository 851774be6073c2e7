import { join } from 'node:path';
import { openArchive } from './openArchive.js';
import type { BufferOptions } from './bufferOptions.js';
import type { FileSystem } from './fileSystem/FileSystem.js';
import { closeFolder, openFolder, type OpenFolder } from './openFolder.js';
import { removal, type Retirement } from './Retirement.js';
import { SegmentReader } from './SegmentReader.js';

/** The open folder of a disk buffer, with its reader and its retirement. The writer is created later. */
export interface OpenBuffer extends OpenFolder {
  readonly reader: SegmentReader;
  readonly retirement: Retirement;
  /** Bytes of the segments that were not fully processed when the buffer was opened. */
  readonly unreadAtStart: number;
}

/** Opens the folder, the reader and the archive. Releases everything if one of them fails. */
export const openBuffer = async (
  files: FileSystem,
  options: BufferOptions,
  failed: (error: unknown) => void,
): Promise<OpenBuffer> => {
  const folder = await openFolder(files, options);
  const { directory, maxMessageBytes } = options;
  const reader = new SegmentReader(files, directory, folder.segments, folder.cursor.acknowledged, maxMessageBytes);
  try {
    await reader.seek(folder.tail);
    const unreadAtStart = await unreadBytes(files, directory, folder);
    return { ...folder, reader, unreadAtStart, retirement: await openRetirement(files, options, failed) };
  } catch (error) {
    await closeFolder({ ...folder, reader });
    throw error;
  }
};

/** Includes the processed part of the first segment, because the reader counts it as well. */
const unreadBytes = async (files: FileSystem, directory: string, { segments, cursor }: OpenFolder): Promise<number> => {
  let bytes = 0;
  for (const { name, to } of segments) {
    if (to <= cursor.acknowledged) continue;
    const file = await files.open(join(directory, name), 'read');
    bytes += await file.size().finally(() => file.close());
  }
  return bytes;
};

const openRetirement = async (
  files: FileSystem,
  { directory, archive, scheduler }: BufferOptions,
  failed: (error: unknown) => void,
): Promise<Retirement> => {
  if (archive === undefined) return removal(files, directory);
  const { directory: to = join(directory, 'archive'), maximumSizeBytes } = archive;
  return openArchive({ files, from: directory, to, maximumSizeBytes, scheduler, failed });
};
