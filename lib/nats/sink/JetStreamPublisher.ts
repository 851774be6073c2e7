/**
 * What a sink needs of a JetStream client: one that `jetstream(connection)` of `@nats-io/jetstream` makes.
 * @see node_modules/rx-event-broker/docs/sinks/jetstream.md
 */
export interface JetStreamPublisher {
  /** Publishes, and resolves when the server has stored it. */
  publish(
    subject: string,
    data: Uint8Array,
    options: {
      /** The id by which the server recognises a repeat. */
      readonly msgID: string;
      /** How long an answer is waited for, in ms. */
      readonly timeout: number;
      /** What must be so for the message to be stored. */
      readonly expect: PublishExpectation;
    },
  ): Promise<PublishAck>;
  /** Where the API of the server is. Default `$JS.API`. */
  readonly apiPrefix?: string;
}

/** What must be so for a message to be stored. */
export interface PublishExpectation {
  /** The stream that it is for. */
  streamName: string;
  /** The last sequence of the stream. */
  lastSequence?: number;
  /** The last sequence of the subject; 0: it has no message. */
  lastSubjectSequence?: number;
}

/** What the server answers to a message that is stored. */
export interface PublishAck {
  /** Where in the stream it is. */
  readonly seq: number;
  /** Whether it was there already. */
  readonly duplicate: boolean;
}
