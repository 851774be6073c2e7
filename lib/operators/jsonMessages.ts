import { DecodeError } from '../event/DecodeError.js';
import type { Decoder } from '../event/Decoder.js';
import { left, type Either } from '../event/Either.js';
import { shown, shownError } from '../event/shown.js';

/** Makes a decoder of UTF-8 JSON; `check` accepts or rejects the parsed value. If it throws, the message is invalid. */
export const jsonMessages = <E>(
  checker: 'codec' | 'schema',
  check: (value: unknown) => Either<DecodeError, E>,
): Decoder<E> => ({
  decode: bytes => {
    let value: unknown;
    try {
      value = JSON.parse(utf8.decode(bytes));
    } catch (cause) {
      const found = ArrayBuffer.isView(bytes)
        ? `${(bytes as ArrayBufferView).byteLength} bytes that are not`
        : shown(bytes);
      return left(new DecodeError({ expected: 'JSON in UTF-8', found, path: 'message' }, cause));
    }
    try {
      return check(value);
    } catch (cause) {
      const found = `an error, ${shownError(cause)}`;
      return left(
        new DecodeError({ expected: `a value that the ${checker} can check`, found, path: 'message' }, cause),
      );
    }
  },
});

const utf8 = new TextDecoder('utf-8', { fatal: true });
