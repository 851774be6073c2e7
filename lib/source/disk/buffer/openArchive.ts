import { join, sep } from 'node:path';
import type { Subscription } from 'rxjs';
import { type SchedulerLike } from 'rxjs';
import { after } from '../../../flow/clock.js';
import { gzipFile, moveByCopy } from './copyFile.js';
import type { FileSystem } from './fileSystem/FileSystem.js';
import { byAge, parseFileName, printArchivedName } from '../format/fileName.js';
import type { Retirement } from './Retirement.js';
import type { Segment } from './Segment.js';
import { checksumsName } from '../format/checksums.js';
import { systemCode } from '../systemError.js';

/** In ms, from archiving a first file to gzipping it and all files that were archived since. */
const GZIP_EVERY = 60_000;

/**
 * Moves segments to the archive, gzips them there once a minute, and removes the oldest ones past a size (promise D3).
 *
 * An interruption loses nothing. Files that are not gzipped yet are gzipped a minute after the next start. An incomplete
 * file has a hidden name, and is written again.
 *
 * Only one buffer at a time can use an archive (promise D7), since two could use the same names. Rejects with
 * `DirectoryInUseError`.
 */
export const openArchive = async (options: {
  readonly files: FileSystem;
  /** The buffer's folder. */
  readonly from: string;
  /** The archive's folder. */
  readonly to: string;
  readonly maximumSizeBytes: number;
  readonly scheduler: SchedulerLike;
  readonly failed: (error: unknown) => void;
}): Promise<Retirement> => {
  const { files, from, to, maximumSizeBytes, scheduler, failed } = options;
  /** Known sizes of archived files, in bytes. */
  const sizes = new Map<string, number>();
  let timer: Subscription | undefined;
  let work: Promise<void> = Promise.resolve();
  let postponed: 'packing' | 'all' | undefined;

  const archived = async () =>
    (await files.list(to)).filter(name => parseFileName(name).kind === 'archived').sort(byAge);

  const gzip = async () => {
    for (const name of await archived()) {
      if (postponed !== undefined) return;
      if (!name.endsWith('.gz')) await gzipFile(files, join(to, name), () => postponed !== undefined);
    }
    await prune();
  };

  const prune = async () => {
    const names = await archived();
    let total = 0;
    for (const name of names) {
      if (!sizes.has(name)) sizes.set(name, await sizeOf(files, join(to, name)));
      total += sizes.get(name)!;
    }
    for (const name of names) {
      if (total <= maximumSizeBytes) return;
      await files.remove(join(to, name));
      total -= sizes.get(name)!;
      sizes.delete(name);
    }
  };

  const gzipSoon = () => {
    if (postponed !== undefined) return;
    timer ??= after(scheduler, GZIP_EVERY, () => {
      timer = undefined;
      work = work.then(gzip).catch(failed);
    });
  };

  await files.makeDirectory(to);
  await files.syncDirectory(from);
  // the lock of the buffer's folder covers the folders in it
  const isInside = `${to}${sep}`.startsWith(`${from}${sep}`);
  const unlock = isInside ? () => Promise.resolve() : await files.lock(to);
  try {
    if ((await archived()).some(name => !name.endsWith('.gz'))) gzipSoon();
  } catch (error) {
    await unlock().catch(() => {});
    throw error;
  }

  /** Returns `false` if it was postponed. */
  const moveFile = async (source: string, target: string): Promise<boolean> => {
    try {
      await files.rename(source, target);
      return true;
    } catch (error) {
      if (systemCode((error as Error).cause) !== 'EXDEV') throw error;
      return moveByCopy(files, source, target, () => postponed === 'all');
    }
  };

  const move = async (segments: readonly Segment[]) => {
    let newest = timeOf((await archived()).at(-1));
    const moved: Segment[] = [];
    for (const segment of segments) {
      if (segment.to < segment.from) {
        await files.remove(join(from, segment.name));
        moved.push(segment);
        continue;
      }
      // Names sort as their records do, even if the clock was set back.
      const now = BigInt(Math.floor(scheduler.now())) * 1_000_000n;
      newest = now > newest ? now : newest + 1n;
      const name = printArchivedName(newest, segment.from, segment.to);
      if (!(await moveFile(join(from, segment.name), join(to, name)))) break;
      moved.push(segment);
    }
    await files.syncDirectory(to);
    await files.syncDirectory(from);
    for (const { name } of moved) await files.remove(join(from, checksumsName(name)));
    await prune();
    gzipSoon();
  };

  return {
    async retire(segments) {
      const moved = work.then(() => move(segments));
      work = moved.catch(() => {});
      await moved;
    },
    postpone(what) {
      postponed = what;
      timer?.unsubscribe();
    },
    async close() {
      await work;
      await unlock();
    },
  };
};

const timeOf = (name: string | undefined): bigint => {
  const parsed = parseFileName(name ?? '');
  return parsed.kind === 'archived' ? parsed.time : 0n;
};

const sizeOf = async (files: FileSystem, path: string): Promise<number> => {
  const file = await files.open(path, 'read');
  try {
    return await file.size();
  } finally {
    await file.close();
  }
};
