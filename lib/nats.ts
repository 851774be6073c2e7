export type { NatsConnection, NatsHeaders, NatsMessage, NatsSubscription } from './nats/NatsConnection.js';
export type { KvBucket } from './nats/position/KvBucket.js';
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
