/**
 * The part of a `node:http` or `node:http2` response that this package uses.
 * @see node_modules/rx-event-broker/docs/web.md
 */
export interface NodeResponse {
  /** Whether the headers were sent. */
  readonly headersSent: boolean;
  /** Whether `end` was called. */
  readonly writableEnded: boolean;
  /** The request. A `HEAD` gets only headers. */
  readonly req?: {
    /** The method of the request. */
    readonly method?: string | undefined;
  };
  /** Whether the connection is gone. */
  readonly destroyed?: boolean;
  /** The stream of an HTTP/2 response. */
  readonly stream?: {
    /** Whether the stream is gone. */
    readonly destroyed?: boolean;
    /** Whether the client has closed the stream. Written bytes may still be buffered. */
    readonly closed?: boolean;
    /** Adds a listener. */
    on(event: 'aborted', listener: () => void): unknown;
  };
  /** How many bytes are buffered. */
  readonly writableLength?: number;
  /** Whether a header was set. */
  hasHeader(name: string): boolean;
  /** Returns a header, if it was set. */
  getHeader(name: string): unknown;
  /** Sets a header. */
  setHeader(name: string, value: string): unknown;
  /** Writes a chunk. Returns `false` if the buffer is full. */
  write(chunk: Uint8Array): boolean;
  /** Ends the response. */
  end(): unknown;
  /** Closes the connection immediately. */
  destroy(): unknown;
  /** Adds a listener. */
  on(event: string, listener: () => void): unknown;
}
