/**
 * What is used of a WebSocket: that of `ws`, of Deno, of Bun, or of a browser.
 * @see node_modules/rx-event-broker/docs/web.md#websockets
 */
export interface WebSocketLike {
  /** 0 while it connects, 1 while it is open, 2 and 3 when it closes or has closed. */
  readonly readyState: number;
  /** Bytes that were sent and are not on their way: of `ws`, Deno and browsers. */
  readonly bufferedAmount?: number;
  /** The same of Bun. */
  getBufferedAmount?(): number;
  /** Sends a message. Bun returns 0 if it has dropped it. */
  send(data: never, written?: never): unknown;
  /** Closes it after what was sent. */
  close(code?: number, reason?: string): unknown;
  /** Cuts it: `ws` and Bun. */
  terminate?(): unknown;
  /** Sends a sign of life: `ws` and Bun. */
  ping?(): unknown;
  /** Adds a listener: all but Bun. */
  addEventListener?(type: 'open' | 'close' | 'error', listener: () => void): unknown;
}
