/**
 * What is used of a response of `node:http` or `node:http2`.
 * @see node_modules/rx-event-broker/docs/web.md
 */
export interface NodeResponse {
  /** Whether the headers were sent. */
  readonly headersSent: boolean;
  /** Whether it was ended. */
  readonly writableEnded: boolean;
  /** What it answers: a `HEAD` with the headers. */
  readonly req?: {
    /** The method of the request. */
    readonly method?: string | undefined;
  };
  /** Whether its connection is gone. */
  readonly destroyed?: boolean;
  /** That of HTTP/2. */
  readonly stream?: {
    /** Whether it is gone. */
    readonly destroyed?: boolean;
    /** Whether the client has closed it. It may still hold what was written. */
    readonly closed?: boolean;
    /** Adds a listener. */
    on(event: 'aborted', listener: () => void): unknown;
  };
  /** Bytes in its buffer. */
  readonly writableLength?: number;
  /** Whether a header was set. */
  hasHeader(name: string): boolean;
  /** The header, if it was set. */
  getHeader(name: string): unknown;
  /** Sets a header. */
  setHeader(name: string, value: string): unknown;
  /** Writes a chunk. Returns `false` when its buffer is full. */
  write(chunk: Uint8Array): boolean;
  /** Ends it. */
  end(): unknown;
  /** Cuts its connection. */
  destroy(): unknown;
  /** Adds a listener. */
  on(event: string, listener: () => void): unknown;
}
