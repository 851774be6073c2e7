import { describe, expect, test } from '@jest/globals';
import type { StandardSchema } from '../../lib/event/StandardSchema.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';
import { standardDecoder } from '../../lib/operators/standardDecoder.js';

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** A schema of a user's that validates with `validate`. Those of libraries are in `standardDecoder.esm.spec.ts`. */
const schemaOf = (validate: (value: unknown) => unknown) =>
  ({ '~standard': { version: 1, vendor: 'mine', validate } }) as StandardSchema<never>;

/** The error of a message that the schema rejects. */
const refusal = (schema: StandardSchema<unknown>, message: unknown) => {
  const result = standardDecoder(schema).decode(bytes(message));
  return result._tag === 'Left' ? result.left : undefined;
};

describe('E6 standardDecoder of a schema of a user', () => {
  test('E6a the event is what the schema makes of the message', () => {
    const schema = schemaOf(value => ({ value: [value] }));
    expect(standardDecoder(schema).decode(bytes('four'))).toEqual({ _tag: 'Right', right: ['four'] });
    const withIssues = schemaOf(value => ({ value, issues: undefined }));
    expect(standardDecoder(withIssues).decode(bytes(4))).toEqual({ _tag: 'Right', right: 4 });
  });

  test('E6a a message that is no JSON is an error', () => {
    const result = standardDecoder(schemaOf(value => ({ value }))).decode(new TextEncoder().encode('{'));
    expect(result).toMatchObject({ _tag: 'Left', left: { expected: 'JSON in UTF-8', path: 'message' } });
  });

  test('E6b of several problems the deepest is named, of those that are as deep the first', () => {
    const issues = [
      { message: 'whole' },
      { message: 'first', path: ['at', 'x'] },
      { message: 'second', path: ['at', 'y'] },
    ];
    const schema = schemaOf(() => ({ issues: [...issues, { message: 'short', path: ['at'] }] }));
    expect(refusal(schema, { at: { x: 1, y: 2 } })).toMatchObject({
      path: 'at.x',
      found: '1',
      expected: 'a valid value (first)',
    });
  });

  test('E6b a problem without a path is that of the message; a way that leads nowhere finds undefined', () => {
    expect(
      refusal(
        schemaOf(() => ({ issues: [{ message: 'no' }] })),
        7,
      ),
    ).toMatchObject({ path: 'message', found: '7' });
    const absent = schemaOf(() => ({ issues: [{ message: 'no', path: ['a', 'b', 'c'] }] }));
    for (const message of [null, {}, { a: null }])
      expect(refusal(absent, message)).toMatchObject({ found: 'undefined' });
  });

  test.each<readonly [string, () => unknown]>([
    ['a Promise', async () => Promise.reject(new Error('late'))],
    ['a thenable', () => ({ then: () => undefined })],
  ])('E6c a schema that gives %s is an error at decode', (_, validate) => {
    expect(refusal(schemaOf(validate), { at: 'x' })).toMatchObject({
      name: 'DecodeError',
      path: 'message',
      expected: 'a schema that validates synchronously',
      found: 'a Promise of "mine"',
    });
  });

  test('E6c the rejection of an asynchronous schema is not left unhandled', async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', listener);
    refusal(
      schemaOf(async () => Promise.reject(new Error('late'))),
      {},
    );
    await new Promise(resolve => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });

  test('E5a E5b a schema that throws, gives nothing or no reason is a DecodeError with the cause', () => {
    const broken = new RangeError('too deep');
    const throwing = schemaOf(() => {
      throw broken;
    });
    expect(refusal(throwing, {})).toMatchObject({
      expected: 'a value that the schema can check',
      found: 'an error, RangeError: too deep',
      cause: broken,
    });
    for (const result of [undefined, 7, { issues: [] }, { issues: [null] }, { issues: [{ message: Symbol('x') }] }])
      expect(
        refusal(
          schemaOf(() => result),
          {},
        ),
      ).toMatchObject({
        name: 'DecodeError',
        cause: expect.any(TypeError),
      });
  });

  test('E6b keys of a path may be objects with a key, numbers and symbols', () => {
    const issues = [{ message: 'no', path: [{ key: 'list' }, 1, Symbol('s')] }];
    expect(
      refusal(
        schemaOf(() => ({ issues })),
        { list: [0, 1] },
      ),
    ).toMatchObject({
      path: 'list.1.Symbol(s)',
      found: 'undefined',
      expected: 'a valid value (no)',
    });
  });

  test('E5e the error is on one line, whatever the schema says', () => {
    const issues = [{ message: 'x\n\u001b[2J', path: ['a\nb'] }];
    expect(
      refusal(
        schemaOf(() => ({ issues })),
        { 'a\nb': 'c\nd' },
      )?.message,
    ).toBe(`a\\nb: expected a valid value (x\\n\\u001b[2J), found "c\\nd" (${ERRORS_PAGE}#decodeerror)`);
  });

  test.each<readonly [unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    ['zod', "'zod'"],
    [{ '~standard': { version: 2, validate: () => ({ value: 1 }) } }, '{"~standard":'],
    [{ '~standard': { version: 1 } }, '{"~standard":'],
    [{ '~standard': { version: 1, validate: 'no' } }, '{"~standard":'],
  ])('E6d %s is no schema: an OptionError', (schema, found) => {
    expect(() => standardDecoder(schema as never)).toThrow(
      `schema: expected a Standard Schema, version 1, found ${found}`,
    );
  });

  test('a schema may be a function, as that of arktype', () => {
    const schema = Object.assign(
      () => undefined,
      schemaOf(value => ({ value })),
    );
    expect(standardDecoder(schema).decode(bytes(1))).toEqual({ _tag: 'Right', right: 1 });
  });
});
