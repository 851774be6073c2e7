import { isRight } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

type Fields = Readonly<Record<string, t.Mixed>>;
/** A section after decoding, with every key. */
type Section<F extends Fields> = { readonly [K in keyof F]: t.TypeOf<F[K]> };

/** The codec of an unknown key: it accepts nothing, and its name lists the known keys. */
const unknownKey = (known: readonly string[]) =>
  Object.assign(new t.NeverType(), { name: `a known key (${known.join(', ')})` });

/** The same codec, with `value` for an absent key. */
export const withDefault = <A>(codec: t.Type<A>, value: A): t.Type<A> =>
  new t.Type<A>(
    codec.name,
    codec.is,
    (u, context) => (u === undefined ? t.success(value) : codec.validate(u, context)),
    codec.encode,
  );

/** The codec of an object with these keys and no others (promise C2). If the object is absent, it gets all its defaults. */
export const section = <F extends Fields>(fields: F): t.Type<Section<F>> => {
  const keys = Object.keys(fields);
  const stranger = unknownKey(keys);
  const isRecord = (u: unknown): u is Readonly<Record<string, unknown>> =>
    Object.prototype.toString.call(u) === '[object Object]'; // no array, no Map, no Date
  return new t.Type<Section<F>>(
    'an object',
    (u): u is Section<F> =>
      isRecord(u) && Object.keys(u).every(key => keys.includes(key)) && keys.every(key => fields[key]!.is(u[key])),
    (u = {}, context) => {
      if (!isRecord(u)) return t.failure(u, context);
      const errors: t.Errors = [];
      const decoded: Record<string, unknown> = {};
      for (const key of keys) {
        const type = fields[key]!;
        const result = type.validate(u[key], t.appendContext(context, key, type));
        if (isRight(result)) decoded[key] = result.right;
        else errors.push(...result.left);
      }
      for (const key of Object.keys(u).filter(name => !keys.includes(name)))
        errors.push({ value: u[key], context: t.appendContext(context, key, stranger) });
      return errors.length > 0 ? t.failures(errors) : t.success(decoded as Section<F>);
    },
    t.identity,
  );
};
