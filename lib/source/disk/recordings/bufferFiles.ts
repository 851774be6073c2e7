import { resolve } from 'node:path';
import { asyncScheduler, type NextObserver, type Observable, type SchedulerLike } from 'rxjs';
import type { Notice } from '../../../flow/contract/Notice.js';
import { OptionError } from '../../../flow/contract/OptionError.js';
import {
  aFunction,
  checkOptions,
  level,
  milliseconds,
  needed,
  observer,
  scheduler as aScheduler,
} from '../../../flow/contract/options.js';
import { notifier } from '../../../flow/reporter.js';
import { type BlockOf, checkedBlockOf } from '../BlockOf.js';
import { fromFeed } from '../fromFeed.js';
import { maxMessageBytes, path } from '../optionChecks.js';
import { pacedByBlock } from './pacedByBlock.js';
import { DEFAULT_MAX_MESSAGE_BYTES } from '../format/record.js';
import { recordFeed } from './recordFeed.js';

/**
 * Options of `bufferFiles`.
 * @see node_modules/rx-event-broker/docs/sources/files.md
 */
export interface BufferFilesOptions {
  /** The folder with the files. Its subfolders, hidden files and locks are ignored. */
  readonly directory: string;
  /** Milliseconds to wait before each block except the first. Needs `blockOf`. Default 0. */
  readonly timeBetweenBlocks?: number;
  /**
   * Returns the block that a message belongs to. If given, messages before the first start of a block are ignored.
   * Default: none, so all messages are emitted.
   */
  readonly blockOf?: BlockOf;
  /** The consumer's level: while `true`, nothing is emitted and no read is started. Default: never paused. */
  readonly pause$?: Observable<boolean>;
  /** Receives `Progress` (once per chunk of at most 64 kB) and `Released`. Default: none. */
  readonly notices?: NextObserver<Notice>;
  /** The largest message, in bytes; a larger one is a `BufferFileError`. Default 64 MiB. */
  readonly maxMessageBytes?: number;
  /** Times `timeBetweenBlocks`. Default: RxJS's `asyncScheduler`. The reading itself takes real time. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Emits the messages of recorded files, gzipped or not, oldest file first, then completes (promises R1–R6: the format
 * of the files, their order and what counts as damage).
 *
 * Cold: each subscription lists the folder and reads it from the start, one file at a time. A read fills up to four
 * chunks of 64 kB. Memory holds those, or one larger message. A message is a view of its chunk: copy what you keep.
 *
 * Errors with `NoBufferFilesError` (no folder or no files), `MixedFileNamesError` (the order is unknown),
 * `BufferFileError` (damage) and with what `blockOf` throws. Throws `OptionError`.
 *
 * @example
 * ```ts
 * bufferFiles({ directory: 'events' })
 *   .pipe(deserialize(vegaDecoder))
 *   .subscribe(event => console.log(event.type));
 * ```
 * @see node_modules/rx-event-broker/docs/sources/files.md
 */
export const bufferFiles = (options: BufferFilesOptions): Observable<Uint8Array> => {
  checkOptions('bufferFiles', options, {
    directory: needed(path),
    timeBetweenBlocks: milliseconds,
    blockOf: aFunction,
    pause$: level,
    notices: observer,
    maxMessageBytes,
    scheduler: aScheduler,
  });
  const { timeBetweenBlocks = 0, blockOf, pause$, notices, scheduler = asyncScheduler } = options;
  if (timeBetweenBlocks > 0 && blockOf === undefined)
    throw new OptionError('blockOf', 'a function, because timeBetweenBlocks needs it', blockOf);
  // Absolute, since the working directory of a program may change.
  const directory = resolve(options.directory);

  return fromFeed(
    () => {
      const records = recordFeed({
        directory,
        maxMessageBytes: options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES,
        notify: notifier(notices),
      });
      if (blockOf === undefined) return records;
      return pacedByBlock(records, { blockOf: checkedBlockOf(blockOf), timeBetweenBlocks, scheduler });
    },
    { what: directory, pause$, notices },
  );
};
