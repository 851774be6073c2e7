import { basename, dirname, join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { FileSystem, OpenFile } from './fileSystem/FileSystem.js';

const CHUNK_BYTES = 64 * 1024;

/** Called between two chunks. Returns whether to stop the copy. */
export type IsPostponed = () => boolean;

/** Moves a file to another volume by copying it. Returns `false` if it was postponed. */
export const moveByCopy = async (
  files: FileSystem,
  from: string,
  to: string,
  isPostponed: IsPostponed,
): Promise<boolean> => {
  // Named after the source, so that an interrupted copy is overwritten by the next one.
  const aside = join(dirname(to), `.${basename(from)}.new`);
  if (!(await write(files, from, aside, chunks => chunks, isPostponed))) return false;
  await putInPlace(files, aside, to);
  await files.remove(from);
  return true;
};

/** Replaces a file by a gzipped one, unless it is postponed. */
export const gzipFile = async (files: FileSystem, path: string, isPostponed: IsPostponed): Promise<void> => {
  const aside = join(dirname(path), `.${basename(path)}.gz.new`);
  // The iterator throws the errors; the callback is there because `pipeline` requires one.
  const packed = (chunks: AsyncIterable<Uint8Array>) =>
    pipeline(Readable.from(chunks), createGzip(), () => {}) as AsyncIterable<Uint8Array>;
  if (!(await write(files, path, aside, packed, isPostponed))) return;
  await putInPlace(files, aside, `${path}.gz`);
  await files.remove(path);
};

/** The copy gets its name once it is complete and synced. Only then may the original be removed. */
const putInPlace = async (files: FileSystem, aside: string, path: string): Promise<void> => {
  await files.rename(aside, path);
  await files.syncDirectory(dirname(path));
};

const write = async (
  files: FileSystem,
  from: string,
  to: string,
  change: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
  isPostponed: IsPostponed,
): Promise<boolean> => {
  const source = await files.open(from, 'read');
  try {
    const target = await files.open(to, 'create');
    try {
      let position = 0;
      for await (const chunk of change(chunksOf(source, isPostponed))) {
        await target.write([chunk], position);
        position += chunk.length;
      }
      if (!isPostponed()) {
        await target.sync();
        return true;
      }
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
  await files.remove(to);
  return false;
};

const chunksOf = async function* (file: OpenFile, isPostponed: IsPostponed): AsyncGenerator<Uint8Array> {
  for (let position = 0; !isPostponed();) {
    const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    const read = await file.read([chunk], position);
    if (read === 0) return;
    position += read;
    yield chunk.subarray(0, read);
  }
};
