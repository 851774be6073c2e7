import { DecodeError } from '../event/DecodeError.js';
import type { Decoder } from '../event/Decoder.js';
import { left, type Either } from '../event/Either.js';
import { shown } from '../event/shown.js';
import { checkOption, having, needed } from '../flow/contract/options.js';
import { jsonMessages } from './jsonMessages.js';

/** The part of an io-ts codec that is used here, so that io-ts itself is not loaded. */
interface Codec<E> {
  /** Checks a value. */
  decode(value: unknown): Either<readonly Problem[], E>;
}

/** A validation error of io-ts. */
interface Problem {
  /** What was found. */
  readonly value: unknown;
  /** The path to it, from the outermost to the innermost. */
  readonly context: readonly {
    /** The field. */
    readonly key: string;
    /** The type that is expected there. */
    readonly type: {
      /** Its name, in words. */
      readonly name: string;
    };
  }[];
}

/**
 * Makes a decoder of UTF-8 JSON from an io-ts codec.
 *
 * The error names the path, what the codec expects there, and what was found. Of several problems it names the most deeply
 * nested one, which says most about a union. Invalid UTF-8, invalid JSON and a codec that throws are a `DecodeError`, too.
 * Throws `OptionError` unless `codec` has `decode`.
 *
 * @param codec - Checks the parsed JSON.
 * @example
 * ```ts
 * const Price = t.type({ type: t.literal('Price'), value: t.number });
 * bytes$.pipe(deserialize(jsonDecoder(Price)));
 * ```
 * @see node_modules/rx-event-broker/docs/operators/jsonDecoder.md
 */
export const jsonDecoder = <E>(codec: Codec<E>): Decoder<E> => {
  checkOption('codec', codec, needed(having('an io-ts codec', 'decode')));
  return jsonMessages('codec', value => {
    const result = codec.decode(value);
    return result._tag === 'Left' ? left(asDecodeError(result.left)) : result;
  });
};

const asDecodeError = (errors: readonly Problem[]): DecodeError => {
  const deepest = errors.reduce((a, b) => (b.context.length > a.context.length ? b : a));
  // the members of a union or an intersection have numbers instead of names: numbers are left out of the path
  const path = deepest.context.flatMap(({ key }, i) =>
    key === '' || isChoice(deepest.context[i - 1]?.type) ? [] : [key],
  );
  const expected = deepest.context.at(-1)?.type.name ?? 'another value';
  return new DecodeError({ expected, found: shown(deepest.value), path: path.join('.') || 'message' });
};

const isChoice = (type: unknown): boolean =>
  ['UnionType', 'IntersectionType'].includes(String((type as { readonly _tag?: unknown } | undefined)?._tag));
