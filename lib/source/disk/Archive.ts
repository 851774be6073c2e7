import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Subscription } from 'rxjs';
import { type SchedulerLike } from 'rxjs';
import type { Files } from './Files.js';
import { byAge, parseFileName, printArchivedName } from './fileName.js';
import { removeSegment, type Segment } from './Segment.js';
import { sumsName } from './sums.js';

/** Between an archived file and its gzip, in ms: those of a minute are gzipped together. */
const gzipEvery = 60_000;
const chunkBytes = 64 * 1024;

/** What becomes of segments that are done with (promise D3). */
export interface Retirement {
  retire(segment: Segment): Promise<void>;
  /** Lets the file in hand be finished. */
  close(): Promise<void>;
}

/** They are removed. */
export const removal = (files: Files, directory: string): Retirement => ({
  retire: segment => removeSegment(files, directory, segment),
  close: () => Promise.resolve(),
});

/**
 * They are moved to the archive, gzipped there once a minute, and the oldest are removed past a size.
 *
 * What an interruption leaves is taken up again: a file that is not gzipped yet with the next minute, a half-written gzip
 * file, whose name is a hidden one, is written anew.
 */
export const openArchive = async (options: {
  readonly files: Files;
  /** The buffer's folder. */
  readonly from: string;
  /** The archive's. */
  readonly to: string;
  readonly maximumSizeBytes: number;
  readonly scheduler: SchedulerLike;
  readonly failed: (error: unknown) => void;
}): Promise<Retirement> => {
  const { files, from, to, maximumSizeBytes, scheduler, failed } = options;
  let timer: Subscription | undefined;
  let work: Promise<void> = Promise.resolve();
  let isClosed = false;

  const archived = async () =>
    (await files.list(to)).filter(name => parseFileName(name).kind === 'archived').sort(byAge);

  const gzip = async () => {
    for (const name of await archived()) if (!isClosed && !name.endsWith('.gz')) await gzipFile(files, to, name);
    await prune();
  };

  const prune = async () => {
    const sizes: (readonly [string, number])[] = [];
    for (const name of await archived()) sizes.push([name, await sizeOf(files, join(to, name))]);
    let total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
    for (const [name, bytes] of sizes) {
      if (total <= maximumSizeBytes) return;
      await files.remove(join(to, name));
      total -= bytes;
    }
  };

  const gzipSoon = () => {
    if (isClosed) return;
    timer ??= scheduler.schedule(() => {
      timer = undefined;
      work = work.then(gzip).catch(failed);
    }, gzipEvery);
  };

  await files.makeDirectory(to);
  await files.syncDirectory(from);
  if ((await archived()).some(name => !name.endsWith('.gz'))) gzipSoon();

  const move = async ({ name, from: first, to: last }: Segment) => {
    const time = BigInt(Math.floor(scheduler.now())) * 1_000_000n;
    await files.rename(join(from, name), join(to, printArchivedName(time, first, last)));
    await files.syncDirectory(to);
    await files.syncDirectory(from);
    await files.remove(join(from, sumsName(name)));
    await prune();
    gzipSoon();
  };

  return {
    async retire(segment) {
      const moved = work.then(() => move(segment));
      work = moved.catch(() => {});
      await moved;
    },
    async close() {
      isClosed = true;
      timer?.unsubscribe();
      await work;
    },
  };
};

const sizeOf = async (files: Files, path: string): Promise<number> => {
  const file = await files.open(path, 'read');
  try {
    return await file.size();
  } finally {
    await file.close();
  }
};

/** The packed file is whole and on the disk before it bears its name, and only then the other one goes. */
const gzipFile = async (files: Files, directory: string, name: string): Promise<void> => {
  const aside = join(directory, `.${name}.gz.new`);
  const source = await files.open(join(directory, name), 'read');
  try {
    const target = await files.open(aside, 'create');
    try {
      let position = 0;
      // Errors come out of the iterator; the callback is there because `pipeline` wants one.
      const packed = pipeline(Readable.from(chunksOf(source)), createGzip(), () => {});
      for await (const chunk of packed as AsyncIterable<Uint8Array>) {
        await target.write([chunk], position);
        position += chunk.length;
      }
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
  await files.rename(aside, join(directory, `${name}.gz`));
  await files.syncDirectory(directory);
  await files.remove(join(directory, name));
};

const chunksOf = async function* (file: Awaited<ReturnType<Files['open']>>): AsyncGenerator<Uint8Array> {
  for (let position = 0; ;) {
    const chunk = Buffer.allocUnsafeSlow(chunkBytes);
    const read = await file.read([chunk], position);
    if (read === 0) return;
    position += read;
    yield chunk.subarray(0, read);
  }
};
