/**
 * A message of a stream, as `jetStreamSource` gives it.
 * @see node_modules/rx-event-broker/docs/sources/jetstream.md
 */
export interface JetStreamMessage {
  /** The bytes. They may share memory with messages beside it: copy them if you keep one for long. */
  readonly data: Uint8Array;
  /** The subject that it was published to. */
  readonly subject: string;
  /** Its number in the stream. */
  readonly sequence: number;
  /** Its number among the messages of its subject, from 1, if a `jetStreamSink` wrote it. */
  readonly position: number | undefined;
  /** When the server stored it, in ms since 1970. */
  readonly time: number;
}
