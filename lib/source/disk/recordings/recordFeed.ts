import type { Notify } from '../../../flow/reporter.js';
import type { Feed } from '../Feed.js';
import { listBufferFiles, type BufferFile } from './listBufferFiles.js';
import { openChunks, type Chunks } from './openChunks.js';
import { RecordFramer } from './RecordFramer.js';

interface OpenFile {
  readonly file: BufferFile;
  readonly chunks: Chunks;
  readonly framer: RecordFramer;
}

/** The messages of all files of a folder, the oldest file first; one file is open at a time. */
export const recordFeed = (options: {
  readonly directory: string;
  readonly maxMessageBytes: number;
  readonly notify: Notify;
}): Feed<Uint8Array> => {
  const { directory, maxMessageBytes, notify } = options;
  let waiting: BufferFile[] | undefined;
  let totalBytes = 0;
  /** The sizes of the files that were read to their end, in bytes. */
  let doneBytes = 0;
  let now: OpenFile | undefined;
  let fetching: Promise<boolean> = Promise.resolve(true);
  let isClosed = false;

  const openNext = async (): Promise<OpenFile | undefined> => {
    if (waiting === undefined) {
      waiting = [...(await listBufferFiles(directory))].reverse();
      totalBytes = waiting.reduce((sum, { bytes }) => sum + bytes, 0);
    }
    const file = isClosed ? undefined : waiting.pop();
    if (file === undefined) return undefined;
    return { file, chunks: await openChunks(file.path), framer: new RecordFramer(file.path, maxMessageBytes) };
  };

  const report = (file: string, bytes: number) => notify({ type: 'Progress', file, bytes, totalBytes });

  const fetch = async (): Promise<boolean> => {
    now ??= await openNext();
    if (now === undefined) return false;
    const { file, chunks, framer } = now;
    const chunk = await chunks.read();
    if (chunk !== undefined) {
      framer.push(chunk);
      report(file.path, doneBytes + Math.min(chunks.bytesRead, file.bytes));
      return true;
    }
    framer.finish();
    now = undefined;
    doneBytes += file.bytes;
    await chunks.close();
    report(file.path, doneBytes);
    return true;
  };

  return {
    take: () => now?.framer.take(),
    more: () => (fetching = fetch()),
    async close() {
      isClosed = true;
      await fetching.catch(() => {});
      await now?.chunks.close();
    },
  };
};
