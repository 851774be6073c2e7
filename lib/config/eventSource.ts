import {
  identity,
  map,
  type MonoTypeOperatorFunction,
  type NextObserver,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import type { Notice } from '../flow/contract/Notice.js';
import {
  aFunction,
  checkOption,
  choice,
  checkOptions,
  anything,
  having,
  level,
  needed,
  observer,
  scheduler as aScheduler,
  text,
} from '../flow/contract/options.js';
import { OptionError } from '../flow/contract/OptionError.js';
import type { PositionStore } from '../flow/contract/PositionStore.js';
import type { OpenedSource } from '../flow/contract/Pausable.js';
import type { Source } from '../flow/contract/Source.js';
import type { NatsConnection } from '../nats/NatsConnection.js';
import { jetStreamSource } from '../nats/source/jetStreamSource.js';
import type { BlockOf } from '../source/disk/BlockOf.js';
import { bufferFiles } from '../source/disk/recordings/bufferFiles.js';
import { bufferOnDisk } from '../source/disk/buffer/bufferOnDisk.js';
import type { Sync } from '../source/disk/buffer/bufferOptions.js';
import type { Inproc } from '../source/socket/inproc.js';
import { socketServer } from '../source/socket/socketServer.js';
import { aSource } from '../source/socket/SocketOptions.js';
import { Config } from './Config.js';

/**
 * Options of `eventSource`, in addition to the configuration.
 * @see node_modules/rx-event-broker/docs/data-node.md
 */
export interface EventSourceOptions {
  /** Returns the block that a message belongs to. Needed by `timeBetweenBlocks` of recorded files and by `done$`. */
  readonly blockOf?: BlockOf;
  /** The folder of the disk buffer. Default `buffer`. */
  readonly bufferDirectory?: string;
  /**
   * The keys of blocks that have been processed, so that the disk buffer may delete them. Default: the consumer's
   * settlement says what has been processed.
   */
  readonly done$?: Observable<string>;
  /** `'none'`: the disk buffer needs neither `done$` nor a settlement; see `bufferOnDisk`. */
  readonly settlement?: 'none';
  /** When the disk buffer syncs: see `bufferOnDisk`. Default `{ everyMs: 50 }`. */
  readonly sync?: Sync;
  /**
   * A synchronous operator on the messages before the disk buffer. It may filter them or complete the stream; the buffer
   * is then drained (promise D4). Default: none.
   */
  readonly inbound?: MonoTypeOperatorFunction<Uint8Array>;
  /** The messages to send to the core over the socket. Default: nothing is sent. */
  readonly replies$?: Source<Uint8Array>;
  /** Checks each message from the socket; see `socketServer`. Not used for recorded files. */
  readonly validate?: (message: Uint8Array) => Error | undefined;
  /** Each error that it emits closes the current connection; see `socketServer`. */
  readonly disconnect$?: Observable<Error>;
  /** Receives the address when the socket begins to listen. Default: none. */
  readonly listening?: NextObserver<{
    /** The IP address. */
    readonly host: string;
    /** The port, never 0. */
    readonly port: number;
  }>;
  /** Required if `useJetStream` is set: how the stream is read. The program opens and closes the connection. */
  readonly jetStream?: {
    /** A connection to the server of `jetStreamSourceConfig.url`. */
    readonly connection: NatsConnection;
    /** Where the position is kept: `kvPosition(bucket, key)`, or that of a store. */
    readonly position: PositionStore;
  };
  /** Required if `transportType` is `inproc`: the pair whose server is used. */
  readonly inproc?: Inproc;
  /** Receives the notices of the files, the socket and the disk buffer. Default: none. */
  readonly notices?: NextObserver<Notice>;
  /** Times waits, deadlines and syncs. Default: RxJS's `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

const wholeConfig = needed({ expected: 'a whole configuration, as decodeConfig returns it', allows: Config.is });

const checks = {
  blockOf: aFunction,
  bufferDirectory: text,
  done$: level,
  settlement: choice('none'),
  sync: anything, // checked by `bufferOnDisk`
  inbound: aFunction,
  replies$: aSource,
  validate: aFunction,
  disconnect$: level,
  listening: observer,
  jetStream: having('{ connection, position }'), // checked by `jetStreamSource`
  inproc: having('a pair, as inproc() returns it', 'server', 'client'),
  notices: observer,
  scheduler: aScheduler,
};

/**
 * Creates the source that a configuration describes (promise C3): recorded files if `useEventFile` is set, a stream of
 * NATS JetStream if `useJetStream` is set, otherwise the socket. The disk buffer comes after the socket if
 * `useBufferedEventSource` is set. Files and streams are already stored, so they are not buffered. Files are read from
 * the beginning each time.
 *
 * Errors and completes as that source does. Throws `OptionError`.
 *
 * @param config - A whole configuration, as `decodeConfig` returns it.
 * @param options - Settings that a configuration file cannot hold, such as functions.
 * @example
 * ```ts
 * const source = eventSource(config, {
 *   blockOf,
 *   done$: stored$.pipe(map(({ hash }) => hash)),
 * });
 * broker
 *   .receive((pause$, settlement) =>
 *     source(pause$, settlement).pipe(deserialize(vegaDecoder)),
 *   )
 *   .subscribe();
 * ```
 * @see node_modules/rx-event-broker/docs/data-node.md
 */
export const eventSource = (config: Config, options: EventSourceOptions = {}): OpenedSource<Uint8Array> => {
  const { blockOf, bufferDirectory = 'buffer', done$, sync, replies$, listening, inproc, notices, scheduler } = options;
  const { inbound = identity, validate, disconnect$, settlement, jetStream } = options;
  checkOption('config', config, wholeConfig);
  checkOptions('eventSource', options, checks);
  const shared = { ...(notices && { notices }), ...(scheduler && { scheduler }) };

  if (config.useJetStream) {
    if (config.useEventFile) throw new OptionError('config', 'useEventFile or useJetStream, not both', 'both');
    const { stream, subject } = config.jetStreamSourceConfig;
    if (jetStream === undefined)
      throw new OptionError('jetStream', '{ connection, position }, which useJetStream needs', jetStream);
    const messages = jetStreamSource({ ...jetStream, stream, subject, ...(settlement && { settlement }), ...shared });
    return (pause$, of) =>
      messages(pause$, of).pipe(
        map(({ data }) => data),
        inbound,
      );
  }

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
  const socket: OpenedSource<Uint8Array> = pause$ =>
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
    ...(settlement !== undefined && { settlement }),
    ...(blockOf && done$ && { acknowledge: { blockOf, done$ } }),
    ...shared,
  });
};
