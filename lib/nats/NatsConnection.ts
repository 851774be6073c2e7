/** A message, as a NATS client delivers it. */
export interface NatsMessage {
  /** The subject that the message was published to. */
  readonly subject: string;
  /** The payload. */
  readonly data: Uint8Array;
  /** The subject for a reply. Empty or absent: no reply is expected. */
  readonly reply?: string;
  /** The headers. Absent if the message has none. */
  readonly headers?: NatsHeaders;
}

/** The headers of a message. A status message of the server has a code and no data. */
export interface NatsHeaders {
  /** The status code. 0 for an ordinary message. */
  readonly code: number;
  /** The status in words. */
  readonly description: string;
  /** Returns the first value of a header, or an empty string if the header is absent. */
  get(name: string): string;
}

/** A subscription of a connection. */
export interface NatsSubscription {
  /** Ends the subscription immediately. */
  unsubscribe(): void;
}

/**
 * The part of a NATS connection that this package uses. Your program opens and closes the connection, with
 * `@nats-io/transport-node` or the transports for Deno and WebSockets.
 * @see node_modules/rx-event-broker/docs/sources/jetstream.md
 */
export interface NatsConnection {
  /** Publishes a message. Throws if the connection is closed. */
  publish(
    subject: string,
    payload?: Uint8Array | string,
    options?: {
      /** The subject for a reply. */
      reply?: string;
    },
  ): void;
  /** Calls `callback` with each message of a subject. */
  subscribe(
    subject: string,
    options: {
      /** Receives each message, or the error that ended the subscription. */
      callback: (error: Error | null, message: NatsMessage) => void;
    },
  ): NatsSubscription;
  /** Sends a request and resolves with the reply. */
  request(
    subject: string,
    payload: Uint8Array | string,
    options: {
      /** Rejects after this many ms. */
      timeout: number;
    },
  ): Promise<NatsMessage>;
  /** Status events of the connection, such as `disconnect` and `reconnect`. */
  status(): AsyncIterable<{ readonly type: string }>;
  /** Resolves when the connection is permanently closed. */
  closed(): Promise<unknown>;
  /** Whether the connection is permanently closed. */
  isClosed(): boolean;
  /** What the server reported about itself at the last connect. */
  readonly info?:
    | {
        /** The largest message that the server accepts, in bytes. */
        readonly max_payload?: number;
      }
    | undefined;
}
