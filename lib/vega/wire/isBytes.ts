/** Whether this is a Uint8Array, of whatever realm: a Node Buffer, one of another frame or worker. */
export const isBytes = (value: unknown): value is Uint8Array =>
  value instanceof Uint8Array ||
  (ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]');
