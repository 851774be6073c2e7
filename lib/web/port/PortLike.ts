/**
 * The part of a port that this package uses. A port is a `MessagePort`, a `Worker`, or the scope inside a worker (`parentPort`,
 * `self`), in Node or in a browser.
 * @see node_modules/rx-event-broker/docs/web.md#workers-and-tabs
 */
export interface PortLike {
  /** Sends a clone of a message. */
  postMessage(message: unknown): unknown;
  /** Starts to receive. On a `MessagePort` of a browser. */
  start?(): unknown;
  /** Adds a listener. In Node. */
  on?(event: string, listener: (value: unknown) => void): unknown;
  /** Removes a listener. In Node. */
  off?(event: string, listener: (value: unknown) => void): unknown;
  /** Adds a listener. In a browser. */
  addEventListener?(event: string, listener: (event: unknown) => void): unknown;
  /** Removes a listener. In a browser. */
  removeEventListener?(event: string, listener: (event: unknown) => void): unknown;
}
