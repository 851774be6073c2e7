import { join } from 'node:path';
import { openArchive } from './Archive.js';
import type { BufferOptions } from './bufferOptions.js';
import type { FileSystem } from './fileSystem/FileSystem.js';
import { removal, type Retirement } from './Retirement.js';

/** What the options want to become of segments that are done with (promise D3). */
export const openRetirement = async (
  files: FileSystem,
  { directory, archive, scheduler }: BufferOptions,
  failed: (error: unknown) => void,
): Promise<Retirement> => {
  if (archive === undefined) return removal(files, directory);
  const { directory: to = join(directory, 'archive'), maximumSizeBytes } = archive;
  return openArchive({ files, from: directory, to, maximumSizeBytes, scheduler, failed });
};
