export type { NatsConnection, NatsHeaders, NatsMessage, NatsSubscription } from './nats/NatsConnection.js';
export { kvPosition } from './nats/position/kvPosition.js';
export { PositionConflictError } from './nats/position/PositionConflictError.js';
export {
  ExpiredError,
  StreamConfigError,
  StreamGoneError,
  StreamMessageError,
  StreamUnavailableError,
} from './nats/source/errors.js';
export type { JetStreamMessage } from './nats/source/JetStreamMessage.js';
export { jetStreamSource } from './nats/source/jetStreamSource.js';
export type {
  JetStreamDurability,
  JetStreamSequence,
  JetStreamSourceOptions,
} from './nats/source/JetStreamSourceOptions.js';
export type { KeyValue, KeyValueEntry } from './nats/KeyValue.js';
export { ownPartitions } from './nats/partitions/ownPartitions.js';
export type { OwnPartitionsOptions } from './nats/partitions/OwnPartitionsOptions.js';
export type { Partition } from './nats/partitions/Partition.js';
export { partitionOf } from './nats/partitions/partitionOf.js';
export { PartitionsError } from './nats/partitions/PartitionsError.js';
export {
  DuplicateIdError,
  NoSuchStreamError,
  PublishSizeError,
  SecondWriterError,
  SinkClosedError,
  UnconfirmedError,
} from './nats/sink/errors.js';
export type { JetStreamPublisher, PublishAck, PublishExpectation } from './nats/sink/JetStreamPublisher.js';
export { jetStreamSink } from './nats/sink/jetStreamSink.js';
export type { JetStreamSinkOptions, PartitionedSubjects, SinkSubjects } from './nats/sink/JetStreamSinkOptions.js';
export type { JetStreamSink, Published } from './nats/sink/Published.js';
