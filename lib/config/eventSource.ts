import { identity, type MonoTypeOperatorFunction, type NextObserver, type Observable, type SchedulerLike } from 'rxjs';
import type { Notice } from '../flow/Notice.js';
import {
  aFunction,
  checkOption,
  checkOptions,
  anything,
  having,
  level,
  needed,
  observer,
  scheduler as aScheduler,
  text,
} from '../flow/options.js';
import { OptionError } from '../flow/OptionError.js';
import type { Pausable } from '../flow/Pausable.js';
import type { Source } from '../flow/Source.js';
import type { BlockOf } from '../source/disk/BlockOf.js';
import { bufferFiles } from '../source/disk/bufferFiles.js';
import { bufferOnDisk } from '../source/disk/bufferOnDisk.js';
import type { Sync } from '../source/disk/bufferOptions.js';
import type { Inproc } from '../source/socket/inproc.js';
import { socketServer } from '../source/socket/socketServer.js';
import { aSource } from '../source/socket/socketChecks.js';
import { Config } from './Config.js';

export interface EventSourceOptions {
  /** Which block a message belongs to. `timeBetweenBlocks` of recorded files needs it, and so does `done$`. */
  readonly blockOf?: BlockOf;
  /** The folder of the disk buffer; default `buffer`. */
  readonly bufferDirectory?: string;
  /** The keys of blocks that are done with, which the disk buffer may forget. */
  readonly done$?: Observable<string>;
  /** What the disk buffer promises; see `bufferOnDisk`. */
  readonly sync?: Sync;
  /**
   * What is done with the messages in front of the disk buffer: to take out what is no event, or to complete it, which drains
   * what is behind it (promise D4). Synchronous.
   */
  readonly inbound?: MonoTypeOperatorFunction<Uint8Array>;
  /** What is sent to the core over the socket. */
  readonly replies$?: Source<Uint8Array>;
  /** Looks at each message that comes over the socket: see `socketServer`. Not at recorded files: they were taken once. */
  readonly validate?: (message: Uint8Array) => Error | undefined;
  /** Ends the connection of that time: see `socketServer`. */
  readonly disconnect$?: Observable<Error>;
  /** Told where the socket listens. */
  readonly listening?: NextObserver<{ readonly host: string; readonly port: number }>;
  /** The pair whose server this is, where `transportType` is `inproc`. */
  readonly inproc?: Inproc;
  readonly notices?: NextObserver<Notice>;
  readonly scheduler?: SchedulerLike;
}

const wholeConfig = needed({ expected: 'a whole configuration, as decodeConfig gives it', allows: Config.is });

const checks = {
  blockOf: aFunction,
  bufferDirectory: text,
  done$: level,
  sync: anything, // `bufferOnDisk` knows
  inbound: aFunction,
  replies$: aSource,
  validate: aFunction,
  disconnect$: level,
  listening: observer,
  inproc: having('a pair, as inproc() gives it', 'server', 'client'),
  notices: observer,
  scheduler: aScheduler,
};

/**
 * The messages that a configuration asks for (promise C3): recorded files where `useEventFile` is set, else the socket,
 * behind the disk buffer where `useBufferedEventSource` is set. Recorded files are not buffered again: they lie on disk,
 * and begin anew at each start.
 *
 * Errors and completion are those of the source. Throws `OptionError`.
 */
export const eventSource = (config: Config, options: EventSourceOptions = {}): Pausable<Uint8Array> => {
  const { blockOf, bufferDirectory = 'buffer', done$, sync, replies$, listening, inproc, notices, scheduler } = options;
  const { inbound = identity, validate, disconnect$ } = options;
  checkOption('config', config, wholeConfig);
  checkOptions('eventSource', options, checks);
  const shared = { ...(notices && { notices }), ...(scheduler && { scheduler }) };

  if (config.useEventFile) {
    const { directory, timeBetweenBlocks } = config.fileEventSourceConfig;
    const files = { directory, timeBetweenBlocks, ...(blockOf && { blockOf }), ...shared };
    return pause$ => bufferFiles({ ...files, pause$ }).pipe(inbound);
  }

  const { ip: host, port, maxReceiveTimeouts, transportType } = config.socketConfig;
  const doors = { ...(validate && { validate }), ...(disconnect$ && { disconnect$ }) };
  const served = { maxReceiveTimeouts, ...(replies$ && { replies$ }), ...doors, ...shared };
  if (transportType === 'inproc' && inproc === undefined)
    throw new OptionError('inproc', 'a pair, which transportType inproc needs', inproc);
  const socket: Pausable<Uint8Array> = pause$ =>
    (transportType === 'inproc' && inproc !== undefined
      ? inproc.server({ ...served, pause$ })
      : socketServer({ ...served, host, port, pause$, ...(listening && { listening }) })
    ).pipe(inbound);
  if (!config.useBufferedEventSource) return socket;

  const { eventsPerFile, archive, archiveMaximumSizeBytes } = config.bufferedEventSourceConfig;
  return bufferOnDisk(socket, {
    directory: bufferDirectory,
    eventsPerFile,
    ...(archive && { archive: { maximumSizeBytes: archiveMaximumSizeBytes } }),
    ...(sync !== undefined && { sync }),
    ...(blockOf && done$ && { acknowledge: { blockOf, done$ } }),
    ...shared,
  });
};
