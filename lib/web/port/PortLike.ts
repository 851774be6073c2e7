/**
 * What is used of a port: a `MessagePort`, a `Worker` or what is inside it (`parentPort`, `self`), of Node or of a browser.
 * @see node_modules/rx-event-broker/docs/web.md#workers-and-tabs
 */
export interface PortLike {
  /** Sends a message, which is cloned. */
  postMessage(message: unknown): unknown;
  /** Begins to receive: a `MessagePort` of a browser. */
  start?(): unknown;
  /** Adds a listener: in Node. */
  on?(event: string, listener: (value: unknown) => void): unknown;
  /** Takes it back. */
  off?(event: string, listener: (value: unknown) => void): unknown;
  /** Adds a listener: in a browser. */
  addEventListener?(event: string, listener: (event: unknown) => void): unknown;
  /** Takes it back. */
  removeEventListener?(event: string, listener: (event: unknown) => void): unknown;
}
