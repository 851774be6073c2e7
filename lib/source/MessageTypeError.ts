import { isUint8Array } from 'node:util/types';
import { seeDocs } from '../event/seeDocs.js';

/** A message that is to be written or sent is not bytes. */
export class MessageTypeError extends Error {
  override readonly name = 'MessageTypeError';
  /** Such as `String`, `Object`. */
  readonly found: string;

  constructor(message: unknown) {
    const found = Object.prototype.toString.call(message).slice('[object '.length, -1);
    super(seeDocs('MessageTypeError', `message: expected a Uint8Array, found ${found}`));
    this.found = found;
  }
}

/** Throws where a message is not bytes: of a text as many zeros would be written. */
export const checkBytes = (message: Uint8Array): void => {
  if (!isUint8Array(message)) throw new MessageTypeError(message);
};
