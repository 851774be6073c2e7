/**
 * A message of a stream, as `jetStreamSource` emits it.
 * @see node_modules/rx-event-broker/docs/sources/jetstream.md
 */
export interface JetStreamMessage {
  /** The payload. It may share memory with other messages. Copy it if you keep it for long. */
  readonly data: Uint8Array;
  /** The subject that the message was published to. */
  readonly subject: string;
  /** The sequence of the message in the stream, from 1. */
  readonly sequence: number;
  /** The number of the message in its subject, from 1. `undefined` if no `jetStreamSink` wrote it. */
  readonly position: number | undefined;
  /** When the server stored the message, in ms since 1970. */
  readonly time: number;
}
