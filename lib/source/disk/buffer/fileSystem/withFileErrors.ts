import { BufferFileError } from '../../errors.js';
import type { FileSystem, OpenFile } from './FileSystem.js';
import { systemError } from '../../systemError.js';

/** The same files, whose failures say which file, where in it, and what was to be done. */
export const withFileErrors = (files: FileSystem): FileSystem => ({
  makeDirectory: path => telling(path, 0, 'a folder that can be made', () => files.makeDirectory(path)),
  lock: async directory => {
    const unlock = await telling(directory, 0, 'a folder that can be locked', () => files.lock(directory));
    return () => telling(directory, 0, 'a folder that can be unlocked', unlock);
  },
  list: path => telling(path, 0, 'a folder that can be listed', () => files.list(path)),
  open: (path, mode) =>
    telling(path, 0, `a file to ${mode}`, async () => fileWithErrors(path, await files.open(path, mode))),
  rename: (from, to) => telling(from, 0, `to become ${to}`, () => files.rename(from, to)),
  remove: path => telling(path, 0, 'to be removed', () => files.remove(path)),
  syncDirectory: path => telling(path, 0, 'a folder that can be synced', () => files.syncDirectory(path)),
});

const fileWithErrors = (path: string, file: OpenFile): OpenFile => ({
  size: () => telling(path, 0, 'to tell its size', () => file.size()),
  read: (into, at) => telling(path, at, 'to be read', () => file.read(into, at)),
  write: (from, at) => telling(path, at, 'to be written', () => file.write(from, at)),
  writeNow(bytes, at) {
    try {
      file.writeNow(bytes, at);
    } catch (error) {
      throw told(path, at, 'to be written', error);
    }
  },
  truncate: bytes => telling(path, bytes, 'to be cut off', () => file.truncate(bytes)),
  sync: () => telling(path, 0, 'to be synced', () => file.sync()),
  close: () => telling(path, 0, 'to be closed', () => file.close()),
});

const telling = async <T>(file: string, offset: number, expected: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw (error as Error | null)?.name === 'DirectoryInUseError' ? error : told(file, offset, expected, error);
  }
};

const told = (file: string, offset: number, expected: string, error: unknown): BufferFileError =>
  new BufferFileError({ file, offset, expected, found: systemError(error) }, error);
