import type { NextObserver, SchedulerLike } from 'rxjs';
import type { Notice } from '../../flow/contract/Notice.js';
import {
  aFunction,
  choice,
  count,
  having,
  milliseconds,
  needed,
  observer,
  scheduler,
  type Checks,
} from '../../flow/contract/options.js';
import type { NatsConnection } from '../NatsConnection.js';
import type { KeyValue } from '../KeyValue.js';
import { aBucket, dottedName, streamName } from '../streamNames.js';
import type { JetStreamPublisher } from './JetStreamPublisher.js';

/** Where the values of a sink go: to subjects of the user's, or to numbered partitions. */
export type SinkSubjects<T> =
  | {
      /** The subject of a value. It is called once for each value. */
      readonly subjectOf: (value: T) => string;
      readonly partitioned?: never;
    }
  | {
      /** The subject is `PREFIX.N`, where N is the partition of the key of the value (promise J12). */
      readonly partitioned: PartitionedSubjects<T>;
      readonly subjectOf?: never;
    };

/** Numbered partitions, by key. */
export interface PartitionedSubjects<T> {
  /** The part of the subject before the number. It also names the partitions in the bucket. */
  readonly prefix: string;
  /** How many: 1 to 4096. It is stored in `kv`; another number is a `PartitionsError`. */
  readonly partitions: number;
  /** Values with the same key stay in order. */
  readonly keyOf: (value: T) => string;
  /** The bucket that holds the number of partitions, without a `ttl`. */
  readonly kv: KeyValue;
}

/**
 * Options of `jetStreamSink`.
 * @see node_modules/rx-event-broker/docs/sinks/jetstream.md
 */
export type JetStreamSinkOptions<T> = SinkSubjects<T> & {
  /** The connection of `js`. It is made and closed by the program. */
  readonly connection: NatsConnection;
  /** The client: `jetstream(connection)`. */
  readonly js: JetStreamPublisher;
  /** The name of the stream that takes the subjects. */
  readonly stream: string;
  /** The bytes of a value. It is called once for each value. */
  readonly encode: (value: T) => Uint8Array;
  /**
   * What this sink is the only writer of (promise J14). `'stream'`, the default: a window is in flight. `'subject'`: others
   * write other subjects of the stream; one message of each subject is in flight.
   */
  readonly writer?: 'stream' | 'subject' | undefined;
  /**
   * The place of a value in its source: a whole number below 2¹²⁸ that rises in each subject, such as the sequence of a
   * message that was read. A value whose place is not after that of the last message of its subject is stored already, and is
   * not sent. Default: none; then what a source gives again after a crash is stored again.
   */
  readonly placeOf?: ((value: T) => number | bigint) | undefined;
  /** The most messages in flight, 1 to 10,000. Default 256. */
  readonly window?: number | undefined;
  /** The most bytes of data in flight; one message may be larger. Default 8 MiB. */
  readonly windowBytes?: number | undefined;
  /** How long an answer of the server is waited for before a message is sent again, in ms. Default 5000. */
  readonly timeout?: number | undefined;
  /** Errors with `UnconfirmedError` when nothing was confirmed for this many ms. Default 60,000; `Infinity`: never. */
  readonly giveUpAfter?: number | undefined;
  /** Times `giveUpAfter` and what is sent again. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
  /** An observer of `Full`, `Waiting` and `Released`. */
  readonly notices?: NextObserver<Notice> | undefined;
};

export const SINK_OPTIONS: Checks = {
  connection: needed(having('a connection to NATS', 'request', 'status', 'closed', 'isClosed')),
  js: needed(having('a JetStream client', 'publish')),
  stream: needed(streamName),
  encode: needed(aFunction),
  subjectOf: aFunction,
  partitioned: having('an object of options'),
  writer: choice('stream', 'subject'),
  placeOf: aFunction,
  window: count(1, 10_000),
  windowBytes: count(1),
  timeout: {
    ...milliseconds,
    expected: 'milliseconds, more than 0',
    allows: value => Number(value) > 0 && value !== Infinity,
  },
  giveUpAfter: milliseconds,
  scheduler,
  notices: observer,
};

export const PARTITIONED_OPTIONS: Checks = {
  prefix: needed(dottedName),
  partitions: needed(count(1, 4096)),
  keyOf: needed(aFunction),
  kv: needed(aBucket),
};
