import { resolve } from 'node:path';
import { asyncScheduler, type NextObserver, type Observable, type SchedulerLike } from 'rxjs';
import type { Notice } from '../../../flow/contract/Notice.js';
import { OptionError } from '../../../flow/contract/OptionError.js';
import {
  aFunction,
  type Check,
  type Checks,
  checkOptions,
  choice,
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
import { DEFAULT_MAX_MESSAGE_BYTES } from '../format/record.js';

/**
 * When written messages are synced to the disk, which decides what a crash of the machine can lose: after each write,
 * at each end of a block, every given number of ms, or never.
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
  /** Events per file. Default 10,000,000. With 0 nothing is buffered, and the consumer's pause reaches the source directly. */
  readonly eventsPerFile?: number;
  /** Keeps processed files. Default: no archive; a file is deleted when all of it has been processed. */
  readonly archive?: {
    /** The folder for them, which may be on another volume. Default: the folder `archive` in the buffer's folder. */
    readonly directory?: string;
    /** The largest size of the archive, in bytes; past it the oldest files are deleted. Default 1,000,000,000. */
    readonly maximumSizeBytes?: number;
  };
  /** When written messages are synced. Default `{ everyMs: 50 }`. `onBlock` needs `acknowledge`. */
  readonly sync?: Sync;
  /** Bytes that may wait to be written. Past that the source is paused until at most half are left. Default 4 MiB. */
  readonly writeBufferBytes?: number;
  /** Bytes that may be on disk unread. Past that the source is paused until at most half are left. Default 10 GiB. */
  readonly maxBufferedBytes?: number;
  /** The largest message, in bytes; a larger one is a `MessageTooLargeError`. Default 64 MiB. */
  readonly maxMessageBytes?: number;
  /**
   * Says what has been processed, by the keys of blocks. A settlement is then neither needed nor used. Default: the
   * consumer's settlement says it.
   */
  readonly acknowledge?: {
    /** Returns the block that a message belongs to. */
    readonly blockOf: BlockOf;
    /** Emits the key of each block that has been processed. Keys are compared in lower case. */
    readonly done$: Observable<string>;
  };
  /**
   * `'none'`: a message counts as processed when the next one is requested, although work on it may still be running. A
   * settlement of the consumer is ignored. Default: the settlement is used; without one it is as with `'none'`, and an
   * `Unsettled` notice is emitted.
   */
  readonly settlement?: 'none';
  /** Times `everyMs` and the packing of the archive. Default: RxJS's `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  /**
   * Receives `Lag` after each sync, `Full`, `Unchecked`, `Unsettled`, `Released`, and `Failed` for a failure after the end.
   * Default: none; those failures go to `console.error`.
   */
  readonly notices?: NextObserver<Notice>;
}

/** Checked options, with their defaults. */
export interface BufferOptions {
  readonly directory: string;
  readonly eventsPerFile: number;
  readonly archive: { readonly directory: string | undefined; readonly maximumSizeBytes: number } | undefined;
  readonly sync: Sync;
  readonly writeBufferBytes: number;
  readonly maxBufferedBytes: number;
  readonly maxMessageBytes: number;
  readonly acknowledge: { readonly blockOf: BlockOf; readonly done$: Observable<string> } | undefined;
  readonly settlement: 'none' | undefined;
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
  settlement: choice('none'),
  scheduler: aScheduler,
  notices: observer,
};

/**
 * Checks the options and applies the defaults. Paths become absolute, since the working directory of a program may change.
 * Throws `OptionError`.
 */
export const bufferOptions = (options: BufferOnDiskOptions): BufferOptions => {
  const given = checkOptions('bufferOnDisk', options, checks);
  const { sync = { everyMs: 50 }, archive, acknowledge } = given;
  if (sync === 'onBlock' && acknowledge === undefined)
    throw new OptionError('acknowledge', "{ blockOf, done$ }, because sync is 'onBlock'", acknowledge);
  return {
    directory: resolve(given.directory),
    eventsPerFile: given.eventsPerFile ?? 10_000_000,
    archive: archive && archiveOptions(archive),
    sync: typeof sync === 'object' ? checkNested('sync', sync, { everyMs: needed(milliseconds) }) : sync,
    writeBufferBytes: given.writeBufferBytes ?? 4 * 1024 * 1024,
    maxBufferedBytes: given.maxBufferedBytes ?? 10 * 1024 ** 3,
    maxMessageBytes: given.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES,
    acknowledge: acknowledge && acknowledgeOptions(acknowledge),
    settlement: given.settlement,
    scheduler: given.scheduler ?? asyncScheduler,
    notices: given.notices,
  };
};

const archiveOptions = (
  archive: NonNullable<BufferOnDiskOptions['archive']>,
): NonNullable<BufferOptions['archive']> => {
  const { directory, maximumSizeBytes = 1_000_000_000 } = checkNested('archive', archive, {
    directory: path,
    maximumSizeBytes: count(0),
  });
  return { directory: directory === undefined ? undefined : resolve(directory), maximumSizeBytes };
};

const acknowledgeOptions = (
  acknowledge: NonNullable<BufferOnDiskOptions['acknowledge']>,
): NonNullable<BufferOptions['acknowledge']> => {
  const { blockOf, done$ } = checkNested('acknowledge', acknowledge, {
    blockOf: needed(aFunction),
    done$: needed(level),
  });
  return { blockOf: checkedBlockOf(blockOf), done$ };
};

/** Checks the options inside an option. The error names both, for example `archive.directory`. */
const checkNested = <T extends object>(option: string, value: T, checks: Checks): T => {
  try {
    return checkOptions(option, value, checks);
  } catch (error) {
    const { option: inner, expected, found } = error as OptionError;
    throw new OptionError(`${option}.${inner}`, expected, found);
  }
};
