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

/** Where the values of a sink go: to subjects of your choice, or to numbered partitions. */
export type SinkSubjects<T> =
  | {
      /** Returns the subject of a value. It is called once for each value. */
      readonly subjectOf: (value: T) => string;
      readonly partitioned?: never;
    }
  | {
      /** Publishes to the subject `PREFIX.N`. N is the partition of the value's key (promise J12: the hash is fixed). */
      readonly partitioned: PartitionedSubjects<T>;
      readonly subjectOf?: never;
    };

/** Options of a sink that publishes to numbered partitions. */
export interface PartitionedSubjects<T> {
  /** The subject before the number. It also names the partitions in the bucket. */
  readonly prefix: string;
  /** The number of partitions, 1 to 4096. It is stored in `kv`. A different number is a `PartitionsError`. */
  readonly partitions: number;
  /** Returns the key of a value. Values with the same key stay in order. */
  readonly keyOf: (value: T) => string;
  /** The bucket that holds the number of partitions. It must have no `ttl`. */
  readonly kv: KeyValue;
}

/**
 * Options of `jetStreamSink`.
 * @see node_modules/rx-event-broker/docs/sinks/jetstream.md
 */
export type JetStreamSinkOptions<T> = SinkSubjects<T> & {
  /** The connection of `js`. Your program opens and closes it. */
  readonly connection: NatsConnection;
  /** The JetStream client: `jetstream(connection)`. */
  readonly js: JetStreamPublisher;
  /** The name of the stream. It must include the subjects. */
  readonly stream: string;
  /** Returns the bytes of a value. It is called once for each value. */
  readonly encode: (value: T) => Uint8Array;
  /**
   * What this sink is the only writer of (promise J14: one writer). With `'stream'`, the default, a window is in flight. With
   * `'subject'`, others may write other subjects of the stream, and one message of each subject is in flight.
   */
  readonly writer?: 'stream' | 'subject' | undefined;
  /**
   * Returns the place of a value in its source, to deduplicate after a crash. It is a whole number below 2¹²⁸ that rises in each
   * subject, such as the sequence of a message that was read. A value whose place is not after the last stored place of its subject
   * is not sent. Default: none. Then values that a source emits again after a crash are stored again.
   */
  readonly placeOf?: ((value: T) => number | bigint) | undefined;
  /** The largest number of messages in flight, 1 to 10,000. Default 256. */
  readonly window?: number | undefined;
  /** The largest number of data bytes in flight. A single message may be larger. Default 8 MiB. */
  readonly windowBytes?: number | undefined;
  /** The time limit for a reply of the server, in ms. After that the message is sent again. Default 5000. */
  readonly timeout?: number | undefined;
  /** If nothing is confirmed for this many ms, the sink errors with `UnconfirmedError`. Default 60,000; `Infinity`: never. */
  readonly giveUpAfter?: number | undefined;
  /** The scheduler of `giveUpAfter` and of retries. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
  /** Receives the notices `Full`, `Waiting` and `Released`. */
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
