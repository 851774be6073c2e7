import { asyncScheduler } from 'rxjs';
import { checkOptions } from '../../flow/contract/options.js';
import { OptionError } from '../../flow/contract/OptionError.js';
import { notifier } from '../../flow/reporter.js';
import { agreeOnPartitions } from '../partitions/agreeOnPartitions.js';
import type { JetStreamSink } from './Published.js';
import { PARTITIONED_OPTIONS, SINK_OPTIONS, type JetStreamSinkOptions } from './JetStreamSinkOptions.js';
import { outgoingOf } from './outgoingOf.js';
import { publishBatch } from './publishBatch.js';
import { publishFrom } from './publishFrom.js';
import { PublishQueue } from './PublishQueue.js';

/**
 * Publishes values to a NATS JetStream stream, in order, each exactly once. A value is settled when the server has confirmed
 * that it is stored.
 *
 *     source            a-b-c-d-------|
 *     sent              a-b-c-d------d         no reply for d: sent again with the same id
 *     sink.publish      ----a-b-c------d|
 *
 * After a timeout or a reconnect, unconfirmed messages are sent again in the same order, with the same ids (promise J13: what a
 * sink has published). Each message expects the one before it, so the server stores no message twice or out of order (promise J14:
 * one writer). While the stream is full, the source is paused (promise J15: a stream without room).
 *
 * **Errors.** `OptionError` is thrown by the call. `SecondWriterError`: another writer publishes to the same stream or subject.
 * `UnconfirmedError`: nothing was confirmed for `giveUpAfter`. `NoSuchStreamError`, `PublishSizeError`, `PartitionsError`,
 * `SinkClosedError`. If `encode`, `subjectOf` or `placeOf` throws, that value fails with the error.
 *
 * @param options - `connection`, `js`, `stream`, `encode`, and one of `subjectOf` and `partitioned` are required.
 * @example
 * ```ts
 * const connection = await connect({ maxReconnectAttempts: -1 });
 * const sink = jetStreamSink<Price>({
 *   connection,
 *   js: jetstream(connection),
 *   stream: 'PRICES',
 *   subjectOf: () => 'prices.all',
 *   encode: ({ value }) => new TextEncoder().encode(String(value)),
 * });
 * broker.subscribe({
 *   name: 'nats',
 *   types: ['Price'],
 *   required: true,
 *   nextBatch: sink.nextBatch,
 * });
 * ```
 * @see node_modules/rx-event-broker/docs/sinks/jetstream.md
 */
export const jetStreamSink = <T>(options: JetStreamSinkOptions<T>): JetStreamSink<T> => {
  const checked = checkOptions('jetStreamSink', options, SINK_OPTIONS);
  if ((checked.subjectOf === undefined) === (checked.partitioned === undefined))
    throw new OptionError('subjectOf', 'one of subjectOf and partitioned', checked.subjectOf);
  const partitioned =
    checked.partitioned && checkOptions('jetStreamSink.partitioned', checked.partitioned, PARTITIONED_OPTIONS);
  const { connection, js, stream, writer = 'stream', window = 256, windowBytes = 8 * 2 ** 20, notices } = checked;
  const queue = new PublishQueue<T>({
    connection,
    js,
    stream,
    writer,
    window,
    windowBytes,
    timeout: checked.timeout ?? 5000,
    giveUpAfter: checked.giveUpAfter ?? 60_000,
    scheduler: checked.scheduler ?? asyncScheduler,
    prepare: async () => {
      if (partitioned !== undefined)
        await agreeOnPartitions(partitioned.kv, partitioned.prefix, partitioned.partitions);
    },
    notify: notifier(notices),
  });
  const { encode, placeOf, subjectOf } = checked;
  const toOutgoing = outgoingOf<T>({ encode, placeOf, subjectOf, partitioned } as JetStreamSinkOptions<T>);
  return {
    publish: publishFrom(queue, toOutgoing, { window, windowBytes }),
    nextBatch: publishBatch(queue, toOutgoing),
  };
};
