import { open, type FileHandle } from 'node:fs/promises';
import { shownText } from '../event/shown.js';
import { checkOption, checkOptions, count, needed, text } from '../flow/contract/options.js';
import { writeError } from '../flow/reporter.js';
import type { InspectRecord } from '../inspect/InspectRecord.js';

/** The default of `maxWaitingBytes`. */
const DEFAULT_MAX_WAITING_BYTES = 16 * 1024 ** 2;

const LINE_FEED = 10;

/**
 * A file that receives records: an observer for `inspect` and `inspector`.
 * @see node_modules/rx-event-broker/docs/finding-what-is-stuck.md
 */
export interface RecordFile {
  /** Takes a record, which is written asynchronously. */
  next(record: InspectRecord): void;
  /** Ends the recording. The file is closed when everything is written. */
  complete(): void;
  /** Fulfilled when everything is written and the file is closed. Rejected if it could not be written. */
  readonly written: Promise<void>;
}

/**
 * Writes records to a file, one line of JSON each, for `inspect` (promise Y2). `recordedIn` reads them. Records are appended
 * to an existing file. If its last line was cut off, they begin on a new line.
 *
 * It never slows the broker down: lines wait until the previous ones are written, up to `maxWaitingBytes`. Past that, records
 * are lost, and a record `lost` says how many. If a write fails, the error goes to `console.error` once, `written` rejects,
 * and nothing more is written. It keeps a process alive only while it writes. Throws `OptionError`.
 *
 * @param file - The path of the file.
 * @param options - `maxWaitingBytes`: bytes that may wait, default 16 MiB.
 * @example
 * ```ts
 * const file = recordTo('incident.jsonl');
 * const stop = inspect(broker, file);
 * stop();
 * await file.written;
 * ```
 * @see node_modules/rx-event-broker/docs/finding-what-is-stuck.md
 */
export const recordTo = (
  file: string,
  options: {
    /** Bytes that may wait to be written. Default 16 MiB, at least 1. */
    readonly maxWaitingBytes?: number;
  } = {},
): RecordFile => {
  checkOption('file', file, needed(text));
  const { maxWaitingBytes = DEFAULT_MAX_WAITING_BYTES } = checkOptions('recordTo', options, {
    maxWaitingBytes: count(1),
  });
  const waiting = { lines: [] as string[], bytes: 0 };
  let lost: { readonly last: InspectRecord; count: number } | undefined;
  let state: 'open' | 'ending' | 'closed' = 'open';
  let isWriting = false;
  let handle: FileHandle | undefined;
  const settle: { resolve(): void; reject(error: unknown): void } = {
    resolve: () => undefined,
    reject: () => undefined,
  };
  const written = new Promise<void>((resolve, reject) => Object.assign(settle, { resolve, reject }));
  // a rejection must not be unhandled if nobody awaits `written`: the error is also on the console
  written.catch(() => undefined);

  const add = (record: InspectRecord): boolean => {
    const line = `${JSON.stringify(record)}\n`;
    const bytes = Buffer.byteLength(line);
    if (waiting.bytes + bytes > maxWaitingBytes && waiting.bytes > 0) return false;
    waiting.lines.push(line);
    waiting.bytes += bytes;
    return true;
  };
  const addLost = (): void => {
    if (lost === undefined) return;
    const { n, at, broker, paused } = lost.last;
    if (add({ n, at, kind: 'lost', broker, count: lost.count, paused })) lost = undefined;
  };

  const write = async (): Promise<void> => {
    if (isWriting || state === 'closed') return;
    isWriting = true;
    try {
      handle ??= await opened(file);
      while (waiting.lines.length > 0) {
        const lines = waiting.lines.join('');
        waiting.lines = [];
        await handle.appendFile(lines);
        waiting.bytes -= Buffer.byteLength(lines);
        addLost();
      }
      isWriting = false;
      if (state === 'open') return;
      state = 'closed';
      await handle.close();
      settle.resolve();
    } catch (error) {
      state = 'closed';
      waiting.lines = [];
      writeError(`records cannot be written to ${shownText(file)}`, error);
      await handle?.close().catch(() => undefined);
      settle.reject(error);
    }
  };

  return {
    next: record => {
      if (state !== 'open') return;
      addLost();
      if (lost !== undefined || !add(record))
        lost = { last: record, count: (lost?.count ?? 0) + (record.kind === 'lost' ? (record.count ?? 1) : 1) };
      void write();
    },
    complete: () => {
      if (state !== 'open') return;
      state = 'ending';
      void write();
    },
    written,
  };
};

/** Opens a file to append lines to it. */
const opened = async (file: string): Promise<FileHandle> => {
  const handle = await open(file, 'a+');
  try {
    const { size } = await handle.stat();
    if (size === 0) return handle;
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    // an earlier process crashed in the middle of a line
    if (buffer[0] !== LINE_FEED) await handle.appendFile('\n');
  } catch (error) {
    await handle.close();
    throw error;
  }
  return handle;
};
