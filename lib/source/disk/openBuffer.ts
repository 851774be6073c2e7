import { join } from 'node:path';
import { BufferFileError } from './BufferFileError.js';
import { Cursor } from './Cursor.js';
import type { Files } from './Files.js';
import { closeSegment, listSegments, segmentOf, type Segment } from './Segment.js';
import { sumsName } from './sums.js';
import { takeLock } from './takeLock.js';
import { createTail, recoverTail, type Tail } from './Tail.js';

/** A disk buffer's folder, taken and put in order. */
export interface OpenBuffer {
  readonly cursor: Cursor;
  /** The oldest first; the last one is the tail's. */
  readonly segments: Segment[];
  readonly tail: Tail;
  readonly unlock: () => Promise<void>;
}

/**
 * Takes the folder of a disk buffer, made where it is not there, and puts in order what the last stop left (promise D5).
 *
 * Rejects with `DirectoryInUseError`, and with `BufferFileError` where promised records are damaged or missing.
 */
export const openBuffer = async (files: Files, directory: string, eventsPerFile: number): Promise<OpenBuffer> => {
  await files.makeDirectory(directory);
  const unlock = await takeLock(files, directory);
  let cursor: Cursor | undefined;
  let tail: Tail | undefined;
  try {
    cursor = await Cursor.open(files, directory);
    const segments = await listSegments(files, directory, cursor.acknowledged + 1);
    await removeOrphans(files, directory, segments);
    tail = await openTail(files, directory, eventsPerFile, segments, cursor);
    // Records that are done with may have been lost by a crash, and their numbers are given anew.
    cursor.move({ acknowledged: Math.min(cursor.acknowledged, tail.last), synced: tail.last });
    await cursor.sync();
    return { cursor, segments, tail, unlock };
  } catch (error) {
    await closeBuffer({ cursor, tail, unlock });
    throw error;
  }
};

/** Lets go of a folder in which nothing works yet: it did not open, or what belongs to it did not. */
export const closeBuffer = async (buffer: {
  readonly cursor: Cursor | undefined;
  readonly tail: Tail | undefined;
  readonly unlock: () => Promise<void>;
}): Promise<void> => {
  const { cursor, tail, unlock } = buffer;
  await Promise.allSettled([cursor?.close(), tail && closeSegment(tail.files)]);
  await unlock().catch(() => {});
};

const openTail = async (
  files: Files,
  directory: string,
  eventsPerFile: number,
  segments: Segment[],
  { acknowledged, synced }: Cursor,
): Promise<Tail> => {
  const last = segments.at(-1);
  if (last !== undefined) return recoverTail(files, directory, last, synced);
  if (synced > acknowledged) {
    const expected = `a file with record ${acknowledged + 1}`;
    throw new BufferFileError({ file: directory, offset: 0, expected, found: 'none' });
  }
  const first = segmentOf(acknowledged + 1, acknowledged + eventsPerFile);
  segments.push(first);
  return createTail(files, directory, first);
};

/** Sums of segments that were archived or removed when the process stopped. */
const removeOrphans = async (files: Files, directory: string, segments: readonly Segment[]): Promise<void> => {
  const wanted = new Set(segments.map(({ name }) => sumsName(name)));
  for (const name of await files.list(directory))
    if (name.startsWith('.datanode-buffer-') && name.endsWith('.sums') && !wanted.has(name))
      await files.remove(join(directory, name));
};
