import { DecodeError } from '../event/DecodeError.js';
import type { Decoder } from '../event/Decoder.js';
import { left, right } from '../event/Either.js';
import { shown } from '../event/shown.js';
import type { StandardIssue, StandardSchema } from '../event/StandardSchema.js';
import { checkOption, needed, type Check } from '../flow/contract/options.js';
import { ignoreOutcome } from '../flow/mailbox/Work.js';
import { jsonMessages } from './jsonMessages.js';

/**
 * Makes a decoder of UTF-8 JSON from any Standard Schema, such as one of zod, valibot or arktype. Its events have the
 * output type of the schema.
 *
 * The error names the path, the message of the schema, and what was found (promise E6). Of several problems it names the
 * most deeply nested one. Invalid UTF-8, invalid JSON, and a schema that throws or is asynchronous are a `DecodeError`,
 * too. Throws `OptionError` unless `schema` is a Standard Schema of version 1.
 *
 * @param schema - Checks the parsed JSON, synchronously.
 * @example
 * ```ts
 * const Price = z.object({ type: z.literal('Price'), value: z.number() });
 * bytes$.pipe(deserialize(standardDecoder(Price)));
 * ```
 * @see node_modules/rx-event-broker/docs/operators/standardDecoder.md
 */
export const standardDecoder = <E>(schema: StandardSchema<E>): Decoder<E> => {
  checkOption('schema', schema, aSchema);
  return jsonMessages('schema', value => {
    const standard = schema['~standard'];
    const result = standard.validate(value);
    if ('then' in result) {
      ignoreOutcome(result);
      const found = `a Promise of ${shown(standard.vendor)}`;
      return left(new DecodeError({ expected: 'a schema that validates synchronously', found, path: 'message' }));
    }
    return result.issues === undefined ? right(result.value) : left(asDecodeError(result.issues, value));
  });
};

const aSchema: Check = needed({
  expected: 'a Standard Schema, version 1',
  allows: value => {
    // a schema of arktype is a function, not an object; a value that has no such property throws: it is not allowed
    const standard = (value as StandardSchema<unknown>)['~standard'];
    return standard.version === 1 && typeof standard.validate === 'function';
  },
});

const asDecodeError = (issues: readonly StandardIssue[], value: unknown): DecodeError => {
  const deepest = issues.reduce((a, b) => (keysOf(b).length > keysOf(a).length ? b : a));
  const keys = keysOf(deepest);
  const found = keys.reduce((part, key) => (part as Record<PropertyKey, unknown> | null | undefined)?.[key], value);
  return new DecodeError({
    expected: `a valid value (${deepest.message})`,
    found: shown(found),
    path: keys.map(String).join('.') || 'message',
  });
};

// `Array.from`, since the path of arktype is a subclass of Array, and its `map` would return that subclass again
const keysOf = ({ path = [] }: StandardIssue): readonly PropertyKey[] =>
  Array.from(path, part => (typeof part === 'object' ? part.key : part));
