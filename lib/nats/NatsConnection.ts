/** A message, as the clients of NATS give it. */
export interface NatsMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly reply?: string;
  readonly headers?: NatsHeaders;
}

/** The headers of a message. Statuses of the server have a code and no data. */
export interface NatsHeaders {
  readonly code: number;
  readonly description: string;
  get(name: string): string;
}

/**
 * What is needed of a connection to NATS: one of `@nats-io/transport-node`, or of its siblings for Deno and for
 * WebSockets. It is made and closed by the program.
 * @see node_modules/rx-event-broker/docs/sources/jetstream.md
 */
export interface NatsConnection {
  publish(subject: string, payload?: Uint8Array | string, options?: { reply?: string }): void;
  subscribe(
    subject: string,
    options: { callback: (error: Error | null, message: NatsMessage) => void },
  ): { unsubscribe(): void };
  request(subject: string, payload: Uint8Array | string, options: { timeout: number }): Promise<NatsMessage>;
  /** Tells of `disconnect`, `reconnect` and the like. */
  status(): AsyncIterable<{ readonly type: string }>;
  /** Resolves when it is closed for good. */
  closed(): Promise<unknown>;
  isClosed(): boolean;
  /** What the server said of itself when it was connected to. */
  readonly info?: { readonly max_payload?: number } | undefined;
}
