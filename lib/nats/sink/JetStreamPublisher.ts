/**
 * The part of a JetStream client that a sink uses. Create it with `jetstream(connection)` of `@nats-io/jetstream`.
 * @see node_modules/rx-event-broker/docs/sinks/jetstream.md
 */
export interface JetStreamPublisher {
  /** Publishes a message. Resolves when the server has stored it. */
  publish(
    subject: string,
    data: Uint8Array,
    options: {
      /** The id by which the server deduplicates. */
      readonly msgID: string;
      /** The time limit for a reply, in ms. */
      readonly timeout: number;
      /** The conditions under which the server stores the message. */
      readonly expect: PublishExpectation;
    },
  ): Promise<PublishAck>;
  /** The prefix of API subjects. Default `$JS.API`. */
  readonly apiPrefix?: string;
}

/** The conditions under which the server stores a message. */
export interface PublishExpectation {
  /** The name of the stream. */
  streamName: string;
  /** The expected last sequence of the stream. */
  lastSequence?: number;
  /** The expected last sequence of the subject. 0 if the subject must have no message. */
  lastSubjectSequence?: number;
}

/** The server's confirmation that a message is stored. */
export interface PublishAck {
  /** The sequence of the message in the stream. */
  readonly seq: number;
  /** Whether the message was already stored. */
  readonly duplicate: boolean;
}
