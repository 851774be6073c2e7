/** A message, as the clients of NATS give it. */
export interface NatsMessage {
  /** What it was published to. */
  readonly subject: string;
  /** Its bytes. */
  readonly data: Uint8Array;
  /** Where an answer goes; empty or absent: nowhere. */
  readonly reply?: string;
  /** Absent if it has none. */
  readonly headers?: NatsHeaders;
}

/** The headers of a message. Statuses of the server have a code and no data. */
export interface NatsHeaders {
  /** The code of a status; 0: it is a message. */
  readonly code: number;
  /** The status in words. */
  readonly description: string;
  /** The first value of a header; empty: there is none. */
  get(name: string): string;
}

/** What ends a subscription. */
export interface NatsSubscription {
  /** Ends it at once. */
  unsubscribe(): void;
}

/**
 * What is needed of a connection to NATS: one of `@nats-io/transport-node`, or of its siblings for Deno and for
 * WebSockets. It is made and closed by the program.
 * @see node_modules/rx-event-broker/docs/sources/jetstream.md
 */
export interface NatsConnection {
  /** Sends a message. Throws if the connection is closed. */
  publish(
    subject: string,
    payload?: Uint8Array | string,
    options?: {
      /** Where an answer goes. */
      reply?: string;
    },
  ): void;
  /** Calls `callback` with each message of a subject. */
  subscribe(
    subject: string,
    options: {
      /** Called with a message, or with an error that ends the subscription. */
      callback: (error: Error | null, message: NatsMessage) => void;
    },
  ): NatsSubscription;
  /** Sends a message and resolves with the answer to it. */
  request(
    subject: string,
    payload: Uint8Array | string,
    options: {
      /** It rejects after this many ms. */
      timeout: number;
    },
  ): Promise<NatsMessage>;
  /** Tells of `disconnect`, `reconnect` and the like. */
  status(): AsyncIterable<{ readonly type: string }>;
  /** Resolves when it is closed for good. */
  closed(): Promise<unknown>;
  /** Whether it is closed for good. */
  isClosed(): boolean;
  /** What the server said of itself when it was connected to. */
  readonly info?:
    | {
        /** The most bytes of a message. */
        readonly max_payload?: number;
      }
    | undefined;
}
