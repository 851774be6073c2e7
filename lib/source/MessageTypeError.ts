import { seeDocs } from '../event/seeDocs.js';
import { shown } from '../event/shown.js';

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

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
/** The kind of a typed array, of whatever realm: nothing else can pretend to be one. */
const typedArrayKind = (value: unknown): unknown => Reflect.get(typedArray, Symbol.toStringTag, value);

/** Throws unless `message` is a `Uint8Array`; copying a string into a buffer would silently write zeros. */
export const checkBytes = (message: unknown): void => {
  if (typedArrayKind(message) !== 'Uint8Array') throw new MessageTypeError(kind(message));
};

const kind = (value: unknown): string => {
  try {
    return Object.prototype.toString.call(value).slice('[object '.length, -1);
  } catch {
    return shown(value);
  }
};
