import { resolve } from 'node:path';
import { asyncScheduler, type NextObserver, type Observable, type SchedulerLike } from 'rxjs';
import type { Notice } from '../../../flow/contract/Notice.js';
import { OptionError } from '../../../flow/contract/OptionError.js';
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
} from '../../../flow/contract/options.js';
import { type BlockOf, checkedBlockOf } from '../BlockOf.js';
import { maxMessageBytes, path } from '../optionChecks.js';
import { defaultMaxMessageBytes } from '../format/record.js';

/**
 * When written messages are synced to the disk, which decides what a crash of the machine can lose: after each write,
 * at each end of a block, every so many ms, or never.
 * @see node_modules/rx-event-broker/docs/sources/disk-buffer.md
 */
export type Sync =
  | 'always'
  | 'onBlock'
  | 'never'
  | {
      /** Milliseconds between two syncs. */
      readonly everyMs: number;
    };

/**
 * Options of `bufferOnDisk`.
 * @see node_modules/rx-event-broker/docs/sources/disk-buffer.md
 */
export interface BufferOnDiskOptions {
  /** The folder of the buffer; created if it does not exist. One subscription at a time may use it. */
  readonly directory: string;
  /** Events per file. Default 10,000,000. With 0 nothing is buffered, and the pause goes through to the source. */
  readonly eventsPerFile?: number;
  /** Keeps processed files. Default: none, a file is deleted when all of it has been processed. */
  readonly archive?: {
    /** Where they are kept, also on another volume. Default: the folder `archive` in the folder of the buffer. */
    readonly directory?: string;
    /** The largest size of the archive, in bytes; past it the oldest files are deleted. Default 1,000,000,000. */
    readonly maximumSizeBytes?: number;
  };
  /** When written messages are synced. Default `{ everyMs: 50 }`. `onBlock` needs `acknowledge`. */
  readonly sync?: Sync;
  /** Bytes that may wait to be written; past that the source is paused until half of it is left. Default 4 MiB. */
  readonly writeBufferBytes?: number;
  /** Bytes that may be on disk unread; past that the source is paused until half of it is left. Default 10 GiB. */
  readonly maxBufferedBytes?: number;
  /** The largest message, in bytes; a larger one is a `MessageTooLargeError`. Default 64 MiB. */
  readonly maxMessageBytes?: number;
  /**
   * Says what has been processed, by the key of its block. Default: a message counts as processed when the next one is
   * asked for.
   */
  readonly acknowledge?: {
    /** Tells which block a message belongs to. */
    readonly blockOf: BlockOf;
    /** Emits the key of each block that has been processed. Keys are compared in lower case. */
    readonly done$: Observable<string>;
  };
  /** Times `everyMs` and the packing of the archive. Default: RxJS's `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  /**
   * Receives `Lag` at each sync, `Full`, `Unchecked`, `Released`, and `Failed` for what fails after its end. Default:
   * nobody; failures go to `console.error`.
   */
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
