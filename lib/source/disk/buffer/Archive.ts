import { join, sep } from 'node:path';
import type { Subscription } from 'rxjs';
import { type SchedulerLike } from 'rxjs';
import { gzipFile, moveByCopy } from './copyFile.js';
import type { FileSystem } from './fileSystem/FileSystem.js';
import { byAge, parseFileName, printArchivedName } from '../format/fileName.js';
import type { Retirement } from './Retirement.js';
import type { Segment } from './Segment.js';
import { checksumsName } from '../format/checksums.js';
import { systemCode } from '../systemError.js';

/** Between an archived file and its gzip, in ms: those of a minute are gzipped together. */
const gzipEvery = 60_000;

/**
 * Segments are moved to the archive, gzipped there once a minute, and the oldest are removed past a size (promise D3).
 *
 * What an interruption leaves is taken up again: a file that is not gzipped yet with the next minute, a half-written one, whose
 * name is a hidden one, is written anew.
 *
 * One buffer at a time has an archive (promise D7): the names of two could be the same. Rejects with `DirectoryInUseError`.
 */
export const openArchive = async (options: {
  readonly files: FileSystem;
  /** The buffer's folder. */
  readonly from: string;
  /** The archive's. */
  readonly to: string;
  readonly maximumSizeBytes: number;
  readonly scheduler: SchedulerLike;
  readonly failed: (error: unknown) => void;
}): Promise<Retirement> => {
  const { files, from, to, maximumSizeBytes, scheduler, failed } = options;
  /** Bytes of archived files, as far as they were asked for. */
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
    timer ??= scheduler.schedule(() => {
      timer = undefined;
      work = work.then(gzip).catch(failed);
    }, gzipEvery);
  };

  await files.makeDirectory(to);
  await files.syncDirectory(from);
  // who has the buffer's folder has what is inside
  const isInside = `${to}${sep}`.startsWith(`${from}${sep}`);
  const unlock = isInside ? () => Promise.resolve() : await files.lock(to);
  try {
    if ((await archived()).some(name => !name.endsWith('.gz'))) gzipSoon();
  } catch (error) {
    await unlock().catch(() => {});
    throw error;
  }

  /** Gives whether it was moved, or put off. */
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
      // Names come in the order of their records, also where the clock was set back.
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
