import { join } from 'node:path';
import type { BufferOptions } from './bufferOptions.js';
import { Cursor, CURSOR_NAME } from './Cursor.js';
import type { FileSystem } from './fileSystem/FileSystem.js';
import type { SegmentReader } from './SegmentReader.js';
import { closeSegment, listSegments, missing, segmentOf, type Segment } from './Segment.js';
import { checksumsName } from '../format/checksums.js';
import { createTail, recoverTail, type Tail } from './Tail.js';
import { readUnchecked, writeChecksums, type Unchecked } from './unchecked.js';

/** The locked folder of a disk buffer, repaired after a stop of any kind. */
export interface OpenFolder {
  readonly cursor: Cursor;
  /** The oldest first. The last one is the tail's. */
  readonly segments: Segment[];
  readonly tail: Tail;
  readonly unlock: () => Promise<void>;
  /** Files that had no checksums when they were read. They have checksums now. */
  readonly unchecked: readonly Unchecked[];
}

/**
 * Locks the folder of a disk buffer, and repairs what the last stop left incomplete (promise D5). Creates the folder if it
 * does not exist.
 *
 * Rejects with `DirectoryInUseError`, and with `BufferFileError` if durable records are damaged or missing. The files of
 * records are then unchanged.
 */
export const openFolder = async (
  files: FileSystem,
  { directory, eventsPerFile, maxMessageBytes }: BufferOptions,
): Promise<OpenFolder> => {
  await files.makeDirectory(directory);
  const unlock = await files.lock(directory);
  let cursor: Cursor | undefined;
  let tail: Tail | undefined;
  try {
    const names = await files.list(directory);
    const segments = listSegments(names, directory);
    const start = (segments[0]?.from ?? 1) - 1;
    cursor = names.includes(CURSOR_NAME) ? await Cursor.open(files, directory) : undefined;
    const acknowledged = cursor?.acknowledged ?? start;
    if (segments.length > 0 && start > acknowledged)
      throw missing(directory, acknowledged + 1, `${segments[0]!.name} as the first file`);
    const unchecked = await readAllUnchecked(files, directory, names, segments, acknowledged, maxMessageBytes);
    // Everything was checked; only now is anything written.
    cursor ??= await Cursor.create(files, directory, start);
    for (const each of unchecked) await writeChecksums(files, directory, each);
    await removeOrphans(files, directory, segments);
    tail = await openTail(files, directory, eventsPerFile, segments, cursor);
    // A crash may have lost records that were processed. Their numbers are used again.
    cursor.move({ acknowledged: Math.min(cursor.acknowledged, tail.last), synced: tail.last });
    await cursor.sync();
    return { cursor, segments, tail, unlock, unchecked: unchecked.filter(({ events }) => events > 0) };
  } catch (error) {
    await closeFolder({ cursor, tail, unlock });
    throw error;
  }
};

/** Reads the files without checksums. If the newest is empty, its creation was interrupted. */
const readAllUnchecked = async (
  files: FileSystem,
  directory: string,
  names: readonly string[],
  segments: readonly Segment[],
  acknowledged: number,
  maxMessageBytes: number,
): Promise<readonly Unchecked[]> => {
  const newest = segments.at(-1);
  const unchecked: Unchecked[] = [];
  for (const segment of segments) {
    const isNewest = segment === newest;
    if (names.includes(checksumsName(segment.name)) || (!isNewest && segment.to <= acknowledged)) continue;
    unchecked.push(await readUnchecked(files, directory, segment, { maxMessageBytes, isNewest }));
  }
  return unchecked;
};

/** Releases a folder that could not be opened completely. */
export const closeFolder = async (buffer: {
  readonly cursor: Cursor | undefined;
  readonly tail: Tail | undefined;
  readonly reader?: SegmentReader;
  readonly unlock: () => Promise<void>;
}): Promise<void> => {
  const { cursor, tail, reader, unlock } = buffer;
  await Promise.allSettled([cursor?.close(), tail && closeSegment(tail.files), reader?.close()]);
  await unlock().catch(() => {});
};

const openTail = async (
  files: FileSystem,
  directory: string,
  eventsPerFile: number,
  segments: Segment[],
  { acknowledged, synced }: Cursor,
): Promise<Tail> => {
  const last = segments.at(-1);
  if (last !== undefined) return recoverTail(files, directory, last, synced);
  if (synced > acknowledged) {
    throw missing(directory, acknowledged + 1, 'none');
  }
  const first = segmentOf(acknowledged + 1, acknowledged + eventsPerFile);
  segments.push(first);
  return createTail(files, directory, first);
};

/** Removes checksums whose segment was archived or removed before the process stopped. */
const removeOrphans = async (files: FileSystem, directory: string, segments: readonly Segment[]): Promise<void> => {
  const wanted = new Set(segments.map(({ name }) => checksumsName(name)));
  for (const name of await files.list(directory))
    if (/^\.datanode-buffer-.*\.sums(\.new)?$/.test(name) && !wanted.has(name))
      await files.remove(join(directory, name));
};
