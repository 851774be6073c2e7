import * as t from 'io-ts';
import { shown } from '../../event/shown.js';
import { OptionError } from '../../flow/contract/OptionError.js';
import { checkOption, count, having, needed, text } from '../../flow/contract/options.js';
import { EncodeError } from '../EncodeError.js';
import type { Field } from './Field.js';
import { isBytes } from './isBytes.js';
import { type PlainRules, plainRules } from './isPlain.js';
import { isMalformed, Malformed } from './Malformed.js';
import { WireReader } from './WireReader.js';
import { WireWriter } from './WireWriter.js';

/** The fields of a message, by their names. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a table of fields holds fields of all types
type Fields = Readonly<Record<string, Field<any>>>;
/** The value of a message with these fields. */
type MessageOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer A> ? A : never };

/**
 * An io-ts codec of a protobuf message: `decode` takes its bytes, `encode` returns them.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export interface MessageCodec<A> extends t.Type<A, Uint8Array> {
  /**
   * Reads the message in part of `bytes`; throws if it is invalid. Unlike `decode` it accepts invalid UTF-8, as U+FFFD.
   */
  read(bytes: Uint8Array, start: number, end: number): A;
  /** Checks the message in part of `bytes`, without creating it. Throws whenever `read` would. */
  check(bytes: Uint8Array, start: number, end: number): void;
  /** Rules for the fast check that runs before `check`. */
  readonly plainRules: PlainRules;
}

/**
 * Creates the codec of a protobuf message from a table of its fields.
 *
 * Unknown fields are skipped. If a scalar occurs more than once, the last value counts. An absent field is empty (proto3). A
 * known field with another wire type is invalid. `encode` throws `EncodeError` for a value that cannot be encoded. Throws
 * `OptionError` for two fields with one number.
 *
 * @param name - The name of the message, for errors.
 * @param fields - Each field by its name, with its number.
 * @example
 * ```ts
 * const Transfer = message('Transfer', {
 *   id: text(1),
 *   amount: uint64(2),
 *   kind: choice(3, 'unspecified', 'oneOff'),
 * });
 * const bytes = Transfer.encode({ id: 'a', amount: 5n, kind: 'oneOff' });
 * ```
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const message = <F extends Fields>(name: string, fields: F): MessageCodec<MessageOf<F>> => {
  type A = MessageOf<F>;
  checkFields(name, fields);
  const keys = Object.keys(fields);
  const byKey = keys.map(key => ({ key, field: fields[key]! }));
  const byNumber: ((typeof byKey)[number] | undefined)[] = [];
  for (const entry of byKey) byNumber[entry.field.number] = entry;
  const empty: Readonly<Record<string, unknown>> = Object.fromEntries(
    byKey.map(({ key, field }) => [key, field.empty as unknown]),
  );
  const writer = new WireWriter();

  /** Reads the fields into `into`; only checks them if `into` is undefined. */
  const walk = (
    bytes: Uint8Array,
    start: number,
    end: number,
    into: Record<string, unknown> | undefined,
    isStrict: boolean,
  ): void => {
    const reader = new WireReader(bytes, start, end, isStrict);
    let key: string | undefined;
    try {
      while (reader.at < end) {
        key = undefined;
        const tag = reader.tag();
        const entry = tag >>> 3 < byNumber.length ? byNumber[tag >>> 3] : undefined;
        if (entry === undefined) {
          reader.skip(tag & 7);
          continue;
        }
        key = entry.key;
        const { field } = entry;
        if ((tag & 7) !== field.wireType) throw new Malformed(`wire type ${field.wireType}`, String(tag & 7));
        if (into === undefined) field.check(reader);
        else into[key] = field.grows === true ? field.read(reader, into[key]) : field.read(reader, undefined);
      }
    } catch (error) {
      if (isMalformed(error)) error.field = key;
      throw error;
    }
  };

  const read = (bytes: Uint8Array, start: number, end: number, isStrict = false): A => {
    const into = { ...empty };
    walk(bytes, start, end, into, isStrict);
    return into as A;
  };

  const is = (value: unknown): value is A =>
    typeof value === 'object' &&
    value !== null &&
    byKey.every(({ key, field }) => field.is((value as Record<string, unknown>)[key]));

  const validate: t.Validate<unknown, A> = (value, context) => {
    if (!isBytes(value)) return t.failure(value, context, `${name}: expected a Uint8Array`);
    try {
      return t.success(read(value, 0, value.length, true));
    } catch (error) {
      if (!isMalformed(error)) throw error;
      const path = error.field === undefined ? name : `${name}.${error.field}`;
      return t.failure(value, context, `${path}: ${error.message}`);
    }
  };

  const encode = (value: A): Uint8Array => {
    if (typeof value !== 'object' || (value as A | null) === null)
      throw new EncodeError({ expected: 'an object', found: shown(value), path: name });
    // Everything is read once and checked before anything is written: the writer is shared.
    const values = byKey.map(({ key, field }) => {
      const one: unknown = value[key];
      if (field.is(one)) return one as unknown;
      throw new EncodeError({ expected: field.expected, found: shown(one), path: `${name}.${key}` });
    });
    writer.begin();
    byKey.forEach(({ field }, i) => field.write(writer, values[i]));
    return writer.finish();
  };

  return Object.assign(new t.Type<A, Uint8Array>(name, is, validate, encode), {
    read,
    check: (bytes: Uint8Array, start: number, end: number) => walk(bytes, start, end, undefined, false),
    plainRules: plainRules(byKey.map(({ field }) => field as Field<unknown>)),
  });
};

/** Field numbers end at 2^29 - 1, and two fields with one number would overwrite each other. */
const fieldNumber = needed(count(1, 2 ** 29 - 1));

const checkFields = (name: string, fields: Fields): void => {
  checkOption('name', name, needed(text));
  checkOption('fields', fields, needed(having('an object of fields')));
  const taken = new Set<number>();
  for (const [key, field] of Object.entries(fields)) {
    checkOption(`${name}.${key}`, field, needed(having('a field', 'read', 'check', 'write', 'is')));
    checkOption(`${name}.${key}`, field.number, fieldNumber);
    if (taken.has(field.number)) throw new OptionError(`${name}.${key}`, 'a field number of its own', field.number);
    taken.add(field.number);
  }
};
