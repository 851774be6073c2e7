/**
 * The part of a WebSocket that this package uses. It may be one of `ws`, Deno, Bun or a browser.
 * @see node_modules/rx-event-broker/docs/web.md#websockets
 */
export interface WebSocketLike {
  /** 0: connecting, 1: open, 2: closing, 3: closed. */
  readonly readyState: number;
  /** How many sent bytes are still buffered. In `ws`, Deno and browsers. */
  readonly bufferedAmount?: number;
  /** How many sent bytes are still buffered. In Bun. */
  getBufferedAmount?(): number;
  /** Sends a message. In Bun, returns 0 if the message was dropped. */
  send(data: never, written?: never): unknown;
  /** Closes the socket after everything that was sent. */
  close(code?: number, reason?: string): unknown;
  /** Closes the socket immediately. In `ws` and Bun. */
  terminate?(): unknown;
  /** Sends a ping. In `ws` and Bun. */
  ping?(): unknown;
  /** Adds a listener. Not in Bun. */
  addEventListener?(type: 'open' | 'close' | 'error', listener: () => void): unknown;
}
