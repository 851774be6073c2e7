import { chain, mapLeft, tryCatch, type Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Decoder as Codec, Errors } from 'io-ts';
import { DecodeError } from './DecodeError.js';
import type { Decoder } from './Decoder.js';
import { shown } from './shown.js';

/**
 * A decoder of JSON in UTF-8, checked by any io-ts codec.
 *
 * The error names the path, what the codec expects there and what was found; of several problems the deepest one, for
 * that is the most telling of a union. Text that is not UTF-8 or not JSON is an error too.
 */
export const jsonDecoder = <E>(codec: Codec<unknown, E>): Decoder<E> => ({
  decode: bytes =>
    pipe(
      parse(bytes),
      chain(value => pipe(codec.decode(value), mapLeft(asDecodeError))),
    ),
});

const utf8 = new TextDecoder('utf-8', { fatal: true });

const parse = (bytes: Uint8Array): Either<DecodeError, unknown> =>
  tryCatch(
    () => JSON.parse(utf8.decode(bytes)) as unknown,
    cause =>
      new DecodeError(
        { expected: 'JSON in UTF-8', found: `${String(bytes.length)} bytes that are not`, path: 'message' },
        cause,
      ),
  );

const asDecodeError = (errors: Errors): DecodeError => {
  const deepest = errors.reduce((a, b) => (b.context.length > a.context.length ? b : a), errors[0]!);
  // the members of a union or an intersection are counted, not named: their numbers are no part of the path
  const path = deepest.context.flatMap(({ key }, i) =>
    key === '' || isChoice(deepest.context[i - 1]?.type) ? [] : [key],
  );
  const expected = deepest.context.at(-1)?.type.name ?? 'another value';
  return new DecodeError({ expected, found: shown(deepest.value), path: path.join('.') || 'message' });
};

const isChoice = (type: unknown): boolean =>
  ['UnionType', 'IntersectionType'].includes(String((type as { readonly _tag?: unknown } | undefined)?._tag));
