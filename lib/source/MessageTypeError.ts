import { seeDocs } from '../event/seeDocs.js';

/** A message that is to be written or sent is not bytes. */
export class MessageTypeError extends Error {
  override readonly name = 'MessageTypeError';
  /** Such as `String`, `Object`. */
  readonly found: string;

  constructor(found: string) {
    super(seeDocs('MessageTypeError', `message: expected a Uint8Array, found ${found}`));
    this.found = found;
  }
}

/** Throws where a message is not bytes: of a text as many zeros would be written. */
export const checkBytes = (message: unknown): void => {
  if (message instanceof Uint8Array) return;
  const found = Object.prototype.toString.call(message).slice('[object '.length, -1);
  // one of another realm is bytes, too
  if (found !== 'Uint8Array') throw new MessageTypeError(found);
};
