import { asyncScheduler, type NextObserver, type Observable, type SchedulerLike } from 'rxjs';
import type { Notice } from '../../flow/Notice.js';
import { choiceOption, OptionError } from '../../flow/OptionError.js';
import type { BlockOf } from './BlockOf.js';
import { maxMessageBytesOption } from './maxMessageBytesOption.js';

/** When what was written is synced. */
export type Sync = 'always' | 'onBlock' | 'never' | { readonly everyMs: number };

export interface BufferOnDiskOptions {
  /** Made where it is not there. One process at a time has it. */
  readonly directory: string;
  /** Events in a file before the next one is begun; default 10,000,000. With 0 nothing is buffered. */
  readonly eventsPerFile?: number;
  /**
   * What is done with is kept there: by default in the folder `archive` inside, up to 1,000,000,000 bytes, the oldest files
   * removed past it. Without `archive` it is removed at once.
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
  /** Told `Lag` at each sync, `Full`, and `Released`. */
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

/** Throws `OptionError`. */
export const bufferOptions = (options: BufferOnDiskOptions): BufferOptions => {
  const { directory, acknowledge, archive, notices, scheduler = asyncScheduler, sync = { everyMs: 50 } } = options;
  if (typeof directory !== 'string') throw new OptionError('directory', 'a path', directory);
  if (typeof sync === 'object' && !(sync.everyMs >= 0 && sync.everyMs < Infinity))
    throw new OptionError('sync.everyMs', 'milliseconds, 0 or more', sync.everyMs);
  if (typeof sync !== 'object') choiceOption('sync', sync, ['always', 'onBlock', 'never']);
  if (sync === 'onBlock' && acknowledge === undefined)
    throw new OptionError('acknowledge', 'a blockOf, which sync: onBlock needs', acknowledge);
  if (acknowledge !== undefined && typeof acknowledge.blockOf !== 'function')
    throw new OptionError('acknowledge.blockOf', 'a function', acknowledge.blockOf);
  return {
    directory,
    eventsPerFile: whole('eventsPerFile', options.eventsPerFile ?? 10_000_000, 0),
    archive: archive && {
      directory: archive.directory,
      maximumSizeBytes: whole('archive.maximumSizeBytes', archive.maximumSizeBytes ?? 1_000_000_000, 0),
    },
    sync,
    writeBufferBytes: whole('writeBufferBytes', options.writeBufferBytes ?? 4 * 1024 * 1024, 1),
    maxBufferedBytes: whole('maxBufferedBytes', options.maxBufferedBytes ?? 10 * 1024 ** 3, 1),
    maxMessageBytes: maxMessageBytesOption(options.maxMessageBytes),
    acknowledge,
    scheduler,
    notices,
  };
};

const whole = (option: string, value: number, min: number): number => {
  if (Number.isSafeInteger(value) && value >= min) return value;
  throw new OptionError(option, `a whole number, ${min} or more`, value);
};
