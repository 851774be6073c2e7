import { describe, expect, test } from '@jest/globals';
import { type } from 'arktype';
import { expectTypeOf } from 'expect-type';
import * as v from 'valibot';
import * as z from 'zod';
import type { Decoder } from '../../lib/event/Decoder.js';
import type { StandardSchema } from '../../lib/event/StandardSchema.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';
import { standardDecoder } from '../../lib/operators/standardDecoder.js';

interface Price {
  type: 'Price';
  value: number;
  at: { place: string };
}

const zodPrice = z.object({ type: z.literal('Price'), value: z.number(), at: z.object({ place: z.string() }) });
const valibotPrice = v.object({ type: v.literal('Price'), value: v.number(), at: v.object({ place: v.string() }) });
const arktypePrice = type({ type: "'Price'", value: 'number', at: { place: 'string' } });

const schemas: readonly (readonly [string, StandardSchema<Price>])[] = [
  ['zod', zodPrice],
  ['valibot', valibotPrice],
  ['arktype', arktypePrice],
];

const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const price: Price = { type: 'Price', value: 4.5, at: { place: 'Zürich' } };

/** The error of a decoder that rejects `message`. */
const refusal = (decoder: Decoder<unknown>, message: Uint8Array) => {
  const result = decoder.decode(message);
  return result._tag === 'Left' ? result.left : undefined;
};

describe.each(schemas)('E6 standardDecoder of %s', (_, schema) => {
  const decoder = standardDecoder(schema);

  test('E6a decodes what its schema knows', () => {
    expect(decoder.decode(bytes(price))).toEqual({ _tag: 'Right', right: price });
  });

  test('E6b an error has the path, the message of the schema and what was found', () => {
    const error = refusal(decoder, bytes({ ...price, at: { place: 7 } }));
    expect(error).toMatchObject({ name: 'DecodeError', path: 'at.place', found: '7' });
    expect(error?.expected).toMatch(/^a valid value \(.*string.*\)$/);
    expect(error?.message).toBe(`at.place: expected ${error?.expected ?? ''}, found 7 (${ERRORS_PAGE}#decodeerror)`);
  });

  test('E6b a missing field is reported as undefined', () => {
    expect(refusal(decoder, bytes({ ...price, at: {} }))).toMatchObject({ path: 'at.place', found: 'undefined' });
  });

  test('E6b the deepest of several problems is reported', () => {
    const error = refusal(decoder, bytes({ ...price, value: 'x', at: { place: 7 } }));
    expect(error).toMatchObject({ path: 'at.place', found: '7' });
  });

  test('E6b a value that is wrong as a whole is at the path message', () => {
    expect(refusal(decoder, bytes([]))?.name).toBe('DecodeError');
    expect(refusal(decoder, bytes('7'))).toMatchObject({ path: 'message', found: '7' });
  });

  test.each<readonly [string, unknown, string]>([
    ['no JSON', bytes('{'), '1 bytes that are not'],
    ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), '3 bytes that are not'],
    ['no bytes', '{}', '"{}"'],
  ])('E6a %s is an error', (_case, message, found) => {
    expect(refusal(decoder, message as Uint8Array)).toMatchObject({
      expected: 'JSON in UTF-8',
      found,
      path: 'message',
    });
  });
});

describe('E6 standardDecoder', () => {
  test('E6a the events are the output of the schema, and have its type', () => {
    const zod = standardDecoder(z.object({ type: z.literal('Day'), at: z.string().transform(text => text.length) }));
    const valibot = standardDecoder(v.object({ at: v.pipe(v.string(), v.transform(Number)) }));
    const arktype = standardDecoder(type({ type: "'Day'", at: 'string.numeric.parse' }));
    expectTypeOf(zod).toEqualTypeOf<Decoder<{ type: 'Day'; at: number }>>();
    expectTypeOf(valibot).toEqualTypeOf<Decoder<{ at: number }>>();
    expectTypeOf(arktype).toEqualTypeOf<Decoder<{ type: 'Day'; at: number }>>();
    expect(zod.decode(bytes({ type: 'Day', at: 'four' }))).toEqual({ _tag: 'Right', right: { type: 'Day', at: 4 } });
    expect(valibot.decode(bytes({ at: '4' }))).toEqual({ _tag: 'Right', right: { at: 4 } });
    expect(arktype.decode(bytes({ type: 'Day', at: '4' }))).toEqual({ _tag: 'Right', right: { type: 'Day', at: 4 } });
  });

  test.each<readonly [string, StandardSchema<unknown>, string]>([
    ['zod', z.object({ at: z.string().refine(async () => Promise.resolve(true)) }), 'zod'],
    [
      'valibot',
      v.pipeAsync(
        v.unknown(),
        v.checkAsync(async () => Promise.resolve(true)),
      ),
      'valibot',
    ],
  ])('E6c an asynchronous schema is an error at decode: %s', (_, schema, vendor) => {
    expect(refusal(standardDecoder(schema), bytes({ at: 'x' }))).toMatchObject({
      name: 'DecodeError',
      path: 'message',
      expected: 'a schema that validates synchronously',
      found: `a Promise of "${vendor}"`,
    });
  });
});
