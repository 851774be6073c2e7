import { writeSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FileSystem, OpenFile } from './FileSystem.js';
import { lockDirectory } from './lockDirectory.js';

const syncDirectory = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** The file system of this machine. Paths are absolute. */
export const nodeFileSystem: FileSystem = {
  async makeDirectory(path) {
    const first = await mkdir(path, { recursive: true });
    if (first === undefined) return;
    // If the parent of a new folder is not synced, a crash loses the folder and everything synced in it.
    for (let made = path; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
  },
  lock: lockDirectory,
  list: directory => readdir(directory),
  open: async (path, mode) => openFile(await open(path, { read: 'r', update: 'r+', create: 'w+', new: 'wx+' }[mode])),
  rename: (from, to) => rename(from, to),
  remove: path => rm(path),
  syncDirectory,
};

const openFile = (handle: FileHandle): OpenFile => ({
  size: async () => (await handle.stat()).size,
  read: (into, position) => allOf(into, async (left, done) => (await handle.readv(left, position + done)).bytesRead),
  async write(from, position) {
    await allOf(from, async (left, done) => (await handle.writev(left, position + done)).bytesWritten);
  },
  writeNow(bytes, position) {
    for (let done = 0; done < bytes.length;)
      done += writeSync(handle.fd, bytes, done, bytes.length - done, position + done);
  },
  truncate: bytes => handle.truncate(bytes),
  sync: () => handle.datasync(),
  close: () => handle.close(),
});

/** Repeats `move` until all buffers are done or nothing moves, since the system may move fewer bytes than requested. */
const allOf = async (
  buffers: readonly Uint8Array[],
  move: (left: Uint8Array[], done: number) => Promise<number>,
): Promise<number> => {
  const total = buffers.reduce((sum, { length }) => sum + length, 0);
  let done = 0;
  while (done < total) {
    const moved = await move(rest(buffers, done), done);
    if (moved === 0) break;
    done += moved;
  }
  return done;
};

const rest = (buffers: readonly Uint8Array[], bytes: number): Uint8Array[] => {
  if (bytes === 0) return [...buffers];
  let skip = bytes;
  return buffers.flatMap(buffer => {
    const from = Math.min(skip, buffer.length);
    skip -= from;
    return from < buffer.length ? [from === 0 ? buffer : buffer.subarray(from)] : [];
  });
};
