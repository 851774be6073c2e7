import { isLeft } from 'fp-ts/lib/Either.js';
import { filter, map, type NextObserver, type OperatorFunction } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { Decoder } from '../event/Decoder.js';
import type { Notice } from '../flow/Notice.js';

/**
 * Bytes to events, through a decoder.
 *
 *     source         x-y-z-|      y is malformed
 *     deserialize    a-#           onInvalid: 'error' (default): a DecodeError
 *                    a---c-|       onInvalid: 'skip': y is left out, and announced as `Invalid`
 *
 * The error says what was expected, what was found and where (promises E1, E2).
 */
export const deserialize = <E extends AnyEvent>(
  decoder: Decoder<E>,
  options: { readonly onInvalid?: 'error' | 'skip'; readonly notices?: NextObserver<Notice> } = {},
): OperatorFunction<Uint8Array, E> => {
  const { onInvalid = 'error', notices } = options;
  const decode = (bytes: Uint8Array): E => {
    const result = decoder.decode(bytes);
    if (isLeft(result)) throw result.left;
    return result.right;
  };
  const valid = (bytes: Uint8Array): E | undefined => {
    const result = decoder.decode(bytes);
    if (!isLeft(result)) return result.right;
    notices?.next({ type: 'Invalid', error: result.left });
    return undefined;
  };
  if (onInvalid === 'error') return map(decode);
  return source =>
    source.pipe(
      map(valid),
      filter(event => event !== undefined),
    );
};
