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
  /** A connection that the program makes, and closes after the source. Say `maxReconnectAttempts: -1`, or it gives up. */
  readonly connection: NatsConnection;
  /** The name of the stream. Its retention must be `limits`. */
  readonly stream: string;
  /** Reads only messages of this subject; `*` and `>` stand for tokens. Default: all of the stream. */
  readonly subject?: string | undefined;
  /** Where the position is kept: `kvPosition`, or a store that commits it together with what was made of the messages. */
  readonly position: PositionStore;
  /** Where to begin if no position is stored: at the first message that is left, after the last one, or at a sequence. Default `'first'`. */
  readonly startAt?: 'first' | 'new' | JetStreamSequence | undefined;
  /** A message that no `jetStreamSink` wrote is an error, or accepted without a check. Default `'error'`. */
  readonly foreign?: 'error' | 'accept' | undefined;
  /** What the server must prove about its durability before anything is read. Default: an `AtRisk` notice names what can be lost. */
  readonly durability?: JetStreamDurability | undefined;
  /** How many messages are asked for at a time: 1 to 100,000. Default 1000. */
  readonly batchSize?: number | undefined;
  /** How many bytes are asked for at a time: 1 KiB or more. A message that is larger comes alone. Default 4 MiB. */
  readonly maxBytes?: number | undefined;
  /** The position is written at most once in this many ms. Default 1000. */
  readonly everyMs?: number | undefined;
  /** A `Stalled` notice says what has kept messages back for this many ms. Default 10,000; `Infinity`: never. */
  readonly stallAfter?: number | undefined;
  /** Errors with `StreamUnavailableError` after this many ms without the server. Default `Infinity`. */
  readonly giveUpAfter?: number | undefined;
  /** When it emits, nothing more is read. The source completes when all that it gave is settled and the position is stored. */
  readonly stop$?: Observable<unknown> | undefined;
  /** `'none'`: the position moves when messages are handed over, whether or not the consumer processes them. */
  readonly settlement?: 'none' | undefined;
  /** What API subjects begin with: another one for a domain or an imported stream. Default `'$JS.API'`. */
  readonly apiPrefix?: string | undefined;
  /** What the subjects of answers begin with. Default `'_INBOX'`. Say what the connection says, if it has one of its own. */
  readonly inboxPrefix?: string | undefined;
  /** Times everything. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
  /** An observer of `Waiting`, `Stalled`, `AtRisk`, `Failed` and `Released`. */
  readonly notices?: NextObserver<Notice> | undefined;
}

/** A message of a stream. */
export interface JetStreamSequence {
  /** Its number in the stream, from 1. */
  readonly sequence: number;
}

/** What a stream must survive. What is not proven is a `StreamConfigError`. */
export interface JetStreamDurability {
  /** The least number of replicas. */
  readonly replicas?: number | undefined;
  /** Messages are stored in files, and `persist_mode` is not `async`. */
  readonly storage?: 'file' | undefined;
  /** Each server of the stream syncs a message before it acknowledges it: read from `monitor`. */
  readonly sync?: 'always' | undefined;
  /** The addresses of the servers' monitor ports, such as `http://127.0.0.1:8222`. Needed for `sync`. */
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

/** Refuses what is invalid or unknown. */
export const checkJetStreamOptions = (options: JetStreamSourceOptions): JetStreamSourceOptions => {
  const checked = checkOptions('jetStreamSource', options, JET_STREAM_OPTIONS);
  if (checked.durability === undefined) return checked;
  const { durability } = checked;
  const needsMonitor = durability.sync === 'always' ? { ...DURABILITY, monitor: needed(addresses) } : DURABILITY;
  return { ...checked, durability: checkOptions('durability', durability, needsMonitor) };
};
