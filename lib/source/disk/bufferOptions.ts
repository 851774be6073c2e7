import { resolve } from 'node:path';
import { asyncScheduler, type NextObserver, type Observable, type SchedulerLike } from 'rxjs';
import type { Notice } from '../../flow/Notice.js';
import { OptionError } from '../../flow/OptionError.js';
import {
  aFunction,
  type Check,
  type Checks,
  checkOptions,
  count,
  having,
  level,
  milliseconds,
  needed,
  observer,
  scheduler as aScheduler,
} from '../../flow/options.js';
import { type BlockOf, checkedBlockOf } from './BlockOf.js';
import { maxMessageBytes } from './maxMessageBytes.js';
import { path } from './path.js';
import { defaultMaxMessageBytes } from './record.js';

/** When what was written is synced. */
export type Sync = 'always' | 'onBlock' | 'never' | { readonly everyMs: number };

export interface BufferOnDiskOptions {
  /** Made where it is not there. One subscription at a time has it. */
  readonly directory: string;
  /** Events in a file before the next one is begun; default 10,000,000. With 0 nothing is buffered. */
  readonly eventsPerFile?: number;
  /**
   * What is done with is kept there: by default in the folder `archive` inside, up to 1,000,000,000 bytes, the oldest files
   * removed past it. Without `archive` it is removed: file by file, each when all of it is done with.
   */
  readonly archive?: { readonly directory?: string; readonly maximumSizeBytes?: number };
  /** Default `{ everyMs: 50 }`. `onBlock` needs `acknowledge`. */
  readonly sync?: Sync;
  /** In bytes, default 4 MiB: past it the source is paused, until half of it awaits the disk. */
  readonly writeBufferBytes?: number;
  /** In bytes, default 10 GiB: while more lies unread the source is paused, until half of it does. */
  readonly maxBufferedBytes?: number;
  /** In bytes, default 64 MiB: a larger message is an error. */
  readonly maxMessageBytes?: number;
  /** What is done downstream, by the key of its block. Without it: done when the next message is asked for. */
  readonly acknowledge?: { readonly blockOf: BlockOf; readonly done$: Observable<string> };
  /** What `everyMs` and the archive's minute are timed by; default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  /** Told `Lag` at each sync, `Full`, `Unchecked`, `Released`, and `Failed` with what fails after its end. */
  readonly notices?: NextObserver<Notice>;
}

/** Options of a disk buffer, checked, with their defaults. */
export interface BufferOptions {
  readonly directory: string;
  readonly eventsPerFile: number;
  readonly archive: { readonly directory: string | undefined; readonly maximumSizeBytes: number } | undefined;
  readonly sync: Sync;
  readonly writeBufferBytes: number;
  readonly maxBufferedBytes: number;
  readonly maxMessageBytes: number;
  readonly acknowledge: { readonly blockOf: BlockOf; readonly done$: Observable<string> } | undefined;
  readonly scheduler: SchedulerLike;
  readonly notices: NextObserver<Notice> | undefined;
}

const syncs = ['always', 'onBlock', 'never'] as const;

const sync: Check = {
  expected: "'always', 'onBlock', 'never' or { everyMs }",
  allows: value => syncs.includes(value as (typeof syncs)[number]) || (typeof value === 'object' && value !== null),
};

const checks = {
  directory: needed(path),
  eventsPerFile: count(0, Number.MAX_SAFE_INTEGER),
  archive: having('{ directory, maximumSizeBytes }'),
  sync,
  writeBufferBytes: count(1),
  maxBufferedBytes: count(1),
  maxMessageBytes,
  acknowledge: having('{ blockOf, done$ }'),
  scheduler: aScheduler,
  notices: observer,
};

/** Paths are made absolute: the working directory of a program may change. Throws `OptionError`. */
export const bufferOptions = (options: BufferOnDiskOptions): BufferOptions => {
  checkOptions('bufferOnDisk', options, checks);
  const { acknowledge, archive, notices, scheduler = asyncScheduler, sync = { everyMs: 50 } } = options;
  if (archive !== undefined) checkNested('archive', archive, { directory: path, maximumSizeBytes: count(0) });
  if (typeof sync === 'object') checkNested('sync', sync, { everyMs: needed(milliseconds) });
  if (acknowledge !== undefined)
    checkNested('acknowledge', acknowledge, { blockOf: needed(aFunction), done$: needed(level) });
  if (sync === 'onBlock' && acknowledge === undefined)
    throw new OptionError('acknowledge', 'a blockOf, which sync: onBlock needs', acknowledge);
  return {
    directory: resolve(options.directory),
    eventsPerFile: options.eventsPerFile ?? 10_000_000,
    archive: archive && {
      directory: archive.directory === undefined ? undefined : resolve(archive.directory),
      maximumSizeBytes: archive.maximumSizeBytes ?? 1_000_000_000,
    },
    sync,
    writeBufferBytes: options.writeBufferBytes ?? 4 * 1024 * 1024,
    maxBufferedBytes: options.maxBufferedBytes ?? 10 * 1024 ** 3,
    maxMessageBytes: options.maxMessageBytes ?? defaultMaxMessageBytes,
    acknowledge: acknowledge && { blockOf: checkedBlockOf(acknowledge.blockOf), done$: acknowledge.done$ },
    scheduler,
    notices,
  };
};

/** Checks the options inside of an option: an error names both. */
const checkNested = (option: string, value: object, of: Checks): void => {
  try {
    checkOptions(option, value, of);
  } catch (error) {
    const { option: inner, expected, found } = error as OptionError;
    throw new OptionError(`${option}.${inner}`, expected, found);
  }
};
