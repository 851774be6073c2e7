import { resolve } from 'node:path';
import { asyncScheduler, type NextObserver, type Observable, type SchedulerLike } from 'rxjs';
import type { Notice } from '../../flow/Notice.js';
import { OptionError } from '../../flow/OptionError.js';
import {
  aFunction,
  checkOptions,
  level,
  milliseconds,
  needed,
  observer,
  scheduler as aScheduler,
} from '../../flow/options.js';
import { notifier } from '../../flow/reporter.js';
import { type BlockOf, checkedBlockOf } from './BlockOf.js';
import { fromFeed } from './fromFeed.js';
import { maxMessageBytes } from './maxMessageBytes.js';
import { pacedByBlock } from './pacedByBlock.js';
import { path } from './path.js';
import { defaultMaxMessageBytes } from './record.js';
import { recordFeed } from './recordFeed.js';

export interface BufferFilesOptions {
  /** The folder with the files. Folders in it, hidden files and locks are left alone. */
  readonly directory: string;
  /** In ms, default 0: waited before each begin of a block but the first. Needs `blockOf`. */
  readonly timeBetweenBlocks?: number;
  /** Where it is given, what comes before the first begin of a block is ignored; without a wait it is not asked after that. */
  readonly blockOf?: BlockOf;
  /** The consumer's level: while `true`, nothing is emitted and no read begins. */
  readonly pause$?: Observable<boolean>;
  /** Told `Progress` (one a chunk of at most 64 kB: bytes done of the bytes of all files) and `Released`. */
  readonly notices?: NextObserver<Notice>;
  /** In bytes, default 64 MiB: a larger message is an error. */
  readonly maxMessageBytes?: number;
  /** What `timeBetweenBlocks` is timed by; default `asyncScheduler`. Reading itself is real time. */
  readonly scheduler?: SchedulerLike;
}

/**
 * The messages of recorded files, gzipped or not, in the order of their age; then it completes (promises R1–R6).
 *
 * Cold: each subscription lists the folder and reads it from the start, one file open at a time. A read fills up to four
 * chunks of 64 kB, and what is in memory is those, or one message that is larger. A message is a view of its chunk: copy what you keep long.
 *
 * Errors with `NoBufferFilesError` (no files, no folder), `MixedFileNamesError` (no order), `BufferFileError` (file, offset,
 * what was expected, what was found) and with what `blockOf` throws. Throws `OptionError`.
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
    throw new OptionError('blockOf', 'a function, which timeBetweenBlocks needs', blockOf);
  // The working directory of a program may change.
  const directory = resolve(options.directory);

  return fromFeed(
    () => {
      const records = recordFeed({
        directory,
        maxMessageBytes: options.maxMessageBytes ?? defaultMaxMessageBytes,
        notify: notifier(notices),
      });
      if (blockOf === undefined) return records;
      return pacedByBlock(records, { blockOf: checkedBlockOf(blockOf), timeBetweenBlocks, scheduler });
    },
    { what: directory, pause$, notices },
  );
};
