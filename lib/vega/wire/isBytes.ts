/** Whether this is a Uint8Array of any realm, such as a Node Buffer or one from another frame or worker. */
export const isBytes = (value: unknown): value is Uint8Array =>
  value instanceof Uint8Array ||
  (ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]');
