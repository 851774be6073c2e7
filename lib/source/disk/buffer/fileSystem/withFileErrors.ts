import { BufferFileError } from '../../errors.js';
import type { FileSystem, OpenFile } from './FileSystem.js';
import { systemError } from '../../systemError.js';

/** Wraps a file system so that its failures are a `BufferFileError` with the file, the offset and the operation. */
export const withFileErrors = (files: FileSystem): FileSystem => ({
  makeDirectory: path => naming(path, 0, 'a folder that can be created', () => files.makeDirectory(path)),
  lock: async directory => {
    const unlock = await naming(directory, 0, 'a folder that can be locked', () => files.lock(directory));
    return () => naming(directory, 0, 'a folder that can be unlocked', unlock);
  },
  list: path => naming(path, 0, 'a folder that can be listed', () => files.list(path)),
  open: (path, mode) =>
    naming(path, 0, `a file that can be opened (${mode})`, async () =>
      fileWithErrors(path, await files.open(path, mode)),
    ),
  rename: (from, to) => naming(from, 0, `a file that can be renamed to ${to}`, () => files.rename(from, to)),
  remove: path => naming(path, 0, 'a file that can be removed', () => files.remove(path)),
  syncDirectory: path => naming(path, 0, 'a folder that can be synced', () => files.syncDirectory(path)),
});

const fileWithErrors = (path: string, file: OpenFile): OpenFile => ({
  size: () => naming(path, 0, 'a file with a size', () => file.size()),
  read: (into, at) => naming(path, at, 'a file that can be read', () => file.read(into, at)),
  write: (from, at) => naming(path, at, 'a file that can be written', () => file.write(from, at)),
  writeNow(bytes, at) {
    try {
      file.writeNow(bytes, at);
    } catch (error) {
      throw fileError(path, at, 'a file that can be written', error);
    }
  },
  truncate: bytes => naming(path, bytes, 'a file that can be truncated', () => file.truncate(bytes)),
  sync: () => naming(path, 0, 'a file that can be synced', () => file.sync()),
  close: () => naming(path, 0, 'a file that can be closed', () => file.close()),
});

const naming = async <T>(file: string, offset: number, expected: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw (error as Error | null)?.name === 'DirectoryInUseError' ? error : fileError(file, offset, expected, error);
  }
};

const fileError = (file: string, offset: number, expected: string, error: unknown): BufferFileError =>
  new BufferFileError({ file, offset, expected, found: systemError(error) }, error);
