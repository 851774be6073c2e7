import type { NextObserver, Observable, SchedulerLike } from 'rxjs';
import type { Notice } from '../../flow/contract/Notice.js';
import type { PositionStore } from '../../flow/contract/PositionStore.js';
import {
  checkOptions,
  choice,
  count,
  having,
  level,
  milliseconds,
  needed,
  observer,
  scheduler,
  type Check,
  type Checks,
} from '../../flow/contract/options.js';
import type { NatsConnection } from '../NatsConnection.js';
import { plainSubject, streamName, subjectFilter } from '../streamNames.js';

/**
 * Options of `jetStreamSource`.
 * @see node_modules/rx-event-broker/docs/sources/jetstream.md
 */
export interface JetStreamSourceOptions {
  /**
   * The connection. Your program opens it, and closes it after the source has ended. Set `maxReconnectAttempts: -1`, or the client
   * stops reconnecting after ten tries.
   */
  readonly connection: NatsConnection;
  /** The name of the stream. Its retention must be `limits`. */
  readonly stream: string;
  /** Reads only messages of this subject. `*` and `>` are wildcards. Default: the whole stream. */
  readonly subject?: string | undefined;
  /** Where the position is kept: `kvPosition`, or a store that commits the position together with its results. */
  readonly position: PositionStore;
  /**
   * Where to begin if no position is stored. `'first'`, the default, is the oldest message in the stream. `'new'` begins after
   * the last message. Otherwise, a sequence.
   */
  readonly startAt?: 'first' | 'new' | JetStreamSequence | undefined;
  /** Whether a message that no `jetStreamSink` wrote is an error, or accepted without a check. Default `'error'`. */
  readonly foreign?: 'error' | 'accept' | undefined;
  /** The durability that the servers must prove before anything is read. Default: an `AtRisk` notice names what can be lost. */
  readonly durability?: JetStreamDurability | undefined;
  /** The largest number of messages in one pull, 1 to 100,000. Default 1000. */
  readonly batchSize?: number | undefined;
  /** The largest number of bytes in one pull, at least 1 KiB. A larger message is pulled alone. Default 4 MiB. */
  readonly maxBytes?: number | undefined;
  /** The position is written at most once in this many ms. Default 1000. */
  readonly everyMs?: number | undefined;
  /** If no message arrives for this many ms although there are more, a `Stalled` notice says why. Default 10,000; `Infinity`: never. */
  readonly stallAfter?: number | undefined;
  /** If the server is unavailable for this many ms, the source errors with `StreamUnavailableError`. Default `Infinity`. */
  readonly giveUpAfter?: number | undefined;
  /**
   * Stops reading when it emits. The source completes when all messages that it emitted are settled and the position is
   * stored.
   */
  readonly stop$?: Observable<unknown> | undefined;
  /** With `'none'`, the position moves when messages are handed over, whether or not the consumer has processed them. */
  readonly settlement?: 'none' | undefined;
  /** The prefix of API subjects. A domain or an imported stream has its own. Default `'$JS.API'`. */
  readonly apiPrefix?: string | undefined;
  /** The prefix of reply subjects. It must be the `inboxPrefix` of the connection, if that has one. Default `'_INBOX'`. */
  readonly inboxPrefix?: string | undefined;
  /** The scheduler of all timers. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
  /** Receives the notices `Waiting`, `Stalled`, `AtRisk`, `Failed` and `Released`. */
  readonly notices?: NextObserver<Notice> | undefined;
}

/** A place in a stream. */
export interface JetStreamSequence {
  /** The sequence of the first message to read, from 1. */
  readonly sequence: number;
}

/** Durability that a stream must have. If the servers do not prove it, that is a `StreamConfigError`. */
export interface JetStreamDurability {
  /** The least number of replicas, 1 to 5. */
  readonly replicas?: number | undefined;
  /** Messages must be stored in files, and `persist_mode` must not be `async`. */
  readonly storage?: 'file' | undefined;
  /** Each server of the stream must sync a message before it acknowledges the message. This is read from `monitor`. */
  readonly sync?: 'always' | undefined;
  /** The addresses of the servers' monitor ports, such as `http://127.0.0.1:8222`. Required for `sync`. */
  readonly monitor?: string | readonly string[] | undefined;
}

const start: Check = {
  expected: "'first', 'new' or { sequence: a whole number, 1 or more }",
  allows: value =>
    value === 'first' ||
    value === 'new' ||
    (typeof value === 'object' &&
      value !== null &&
      count(1, Number.MAX_SAFE_INTEGER).allows((value as { sequence?: unknown }).sequence)),
};
const isAddress = (value: unknown): boolean => typeof value === 'string' && /^https?:\/\/\S+$/.test(value);
const addresses: Check = {
  expected: 'an address that begins with http, or an array of them',
  allows: value => isAddress(value) || (Array.isArray(value) && value.length > 0 && value.every(isAddress)),
};

const JET_STREAM_OPTIONS: Checks = {
  connection: needed(having('a connection to NATS', 'publish', 'subscribe', 'request', 'status', 'closed', 'isClosed')),
  stream: needed(streamName),
  subject: subjectFilter,
  position: needed(having('a PositionStore', 'read')),
  startAt: start,
  foreign: choice('error', 'accept'),
  durability: having('an object'),
  batchSize: count(1, 100_000),
  maxBytes: count(1024, 1_073_741_824),
  everyMs: milliseconds,
  stallAfter: milliseconds,
  giveUpAfter: milliseconds,
  stop$: level,
  settlement: choice('none'),
  apiPrefix: plainSubject,
  inboxPrefix: plainSubject,
  scheduler,
  notices: observer,
};

const DURABILITY: Checks = {
  replicas: count(1, 5),
  storage: choice('file'),
  sync: choice('always'),
  monitor: addresses,
};

/** Throws `OptionError` if an option is invalid or unknown. */
export const checkJetStreamOptions = (options: JetStreamSourceOptions): JetStreamSourceOptions => {
  const checked = checkOptions('jetStreamSource', options, JET_STREAM_OPTIONS);
  if (checked.durability === undefined) return checked;
  const { durability } = checked;
  const needsMonitor = durability.sync === 'always' ? { ...DURABILITY, monitor: needed(addresses) } : DURABILITY;
  return { ...checked, durability: checkOptions('durability', durability, needsMonitor) };
};
