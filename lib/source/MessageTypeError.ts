import { seeDocs } from '../event/seeDocs.js';
import { shown } from '../event/shown.js';

/**
 * A message to write or send is not a `Uint8Array`.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#messagetypeerror
 */
export class MessageTypeError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'MessageTypeError';
  /** The kind of value that was found, such as `String` or `Object`. */
  readonly found: string;

  constructor(found: string) {
    super(seeDocs('MessageTypeError', `message: expected a Uint8Array, found ${found}`));
    this.found = found;
  }
}

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
/** The kind of a typed array from any realm; `undefined` for any other value, whatever it pretends to be. */
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
