/** Whether a value is bytes, of this realm or of another one: a buffer, a shared one, a DataView, any typed array. */
export const isBytes = (value: object): boolean => ArrayBuffer.isView(value) || BUFFERS.has(kindOf(value));

/** The bytes of a value that is bytes. Throws where they were transferred away. */
export const bytesOf = (value: object): Uint8Array =>
  ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value as ArrayBuffer);

const kindOf = (value: object): string => Object.prototype.toString.call(value);
const BUFFERS: ReadonlySet<string> = new Set(['[object ArrayBuffer]', '[object SharedArrayBuffer]']);
