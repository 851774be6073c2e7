import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BufferFileError } from '../errors.js';
import { byAge, isRecordFile, parseFileName } from '../format/fileName.js';
import { MixedFileNamesError, NoBufferFilesError } from './errors.js';
import { systemError } from '../systemError.js';

/** A file of records, with its size on disk. */
export interface BufferFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * The files of records in a folder, the oldest first (promise R2).
 *
 * Rejects with `NoBufferFilesError`, `MixedFileNamesError` and `BufferFileError`.
 */
export const listBufferFiles = async (directory: string): Promise<readonly BufferFile[]> => {
  const files: (BufferFile & { readonly name: string })[] = [];
  for (const name of await namesIn(directory)) {
    const path = join(directory, name);
    const status = await stat(path).catch((error: unknown) => {
      const where = { file: path, offset: 0, expected: 'a file that can be read', found: systemError(error) };
      throw new BufferFileError(where, error);
    });
    if (status.isFile()) files.push({ name, path, bytes: status.size });
  }
  if (files.length === 0) throw new NoBufferFilesError(directory, 'no files in it');

  const isOther = ({ name }: { readonly name: string }) => parseFileName(name).kind === 'other';
  const other = files.find(isOther);
  const numbered = files.find(file => !isOther(file));
  if (other !== undefined && numbered !== undefined)
    throw new MixedFileNamesError(directory, numbered.name, other.name);

  const names = new Set(files.map(({ name }) => name));
  // If archiving was interrupted, a numbered file and its gzipped copy hold the same records.
  const isCopy = (name: string) => numbered !== undefined && name.endsWith('.gz') && names.has(name.slice(0, -3));
  return files.filter(({ name }) => !isCopy(name)).sort((a, b) => byAge(a.name, b.name));
};

const namesIn = async (directory: string): Promise<readonly string[]> => {
  try {
    return (await readdir(directory)).filter(isRecordFile).sort();
  } catch (error) {
    throw new NoBufferFilesError(directory, systemError(error), error);
  }
};
