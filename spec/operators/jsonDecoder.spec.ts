import { describe, expect, test } from '@jest/globals';
import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Decoder } from '../../lib/event/Decoder.js';
import { jsonDecoder } from '../../lib/operators/jsonDecoder.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

const Price = t.type({ type: t.literal('Price'), value: t.number, at: t.type({ place: t.string }) });
const Halt = t.type({ type: t.literal('Halt') });
const decoder = jsonDecoder(t.union([Price, Halt]));
const bytes = (text: string) => new TextEncoder().encode(text);
const messageOf = (input: Uint8Array): string => {
  const result = decoder.decode(input);
  return isLeft(result) ? result.left.message : 'decoded';
};

describe('E1 jsonDecoder', () => {
  test('decodes what its codec knows', () => {
    const price = { type: 'Price', value: 4.5, at: { place: 'Zürich' } };
    expect(decoder.decode(bytes(JSON.stringify(price)))).toEqual(right(price));
    expect(decoder.decode(bytes('{"type":"Halt"}'))).toEqual(right({ type: 'Halt' }));
  });

  test.each<readonly [string, Uint8Array, string]>([
    ['no JSON', bytes('{'), 'message: expected JSON in UTF-8, found 1 bytes that are not'],
    ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'message: expected JSON in UTF-8, found 3 bytes that are not'],
    [
      'a wrong value, deep inside',
      bytes('{"type":"Price","value":1,"at":{"place":7}}'),
      'at.place: expected string, found 7',
    ],
  ])('an error for %s', (_, input, message) => {
    expect(messageOf(input)).toBe(`${message} (${ERRORS_PAGE}#decodeerror)`);
  });

  test('of several problems the deepest is named, of those that are as deep the first', () => {
    const pair = t.type({ a: t.number, b: t.number });
    const both = jsonDecoder(t.type({ first: t.string, at: pair, last: t.string }));
    const result = both.decode(bytes('{"first":1,"at":{"a":"x","b":"y"},"last":2}'));
    expect(isLeft(result) && result.left).toMatchObject({ path: 'at.a', expected: 'number', found: '"x"' });
  });

  test('a value that is wrong as a whole is at the path message; the number of a choice is no part of a path', () => {
    expect(messageOf(bytes('7'))).toMatch(/^message: expected \(\{ type: .* \| \{ type: "Halt" \}\), found 7/);
    const either = jsonDecoder(t.type({ at: t.union([t.type({ x: t.number }), t.type({ x: t.string })]) }));
    const all = jsonDecoder(t.intersection([t.type({ x: t.number }), t.type({ y: t.number })]));
    const pathOf = (of: Decoder<unknown>, text: string) => {
      const result = of.decode(bytes(text));
      return isLeft(result) && result.left.path;
    };
    expect([pathOf(either, '{"at":{}}'), pathOf(all, '{"x":1,"y":"y"}')]).toEqual(['at.x', 'y']);
    const list = jsonDecoder(t.array(t.number));
    expect(pathOf(list, '[1,"x"]')).toBe('1');
    const problem = { value: 7, context: [] };
    const bare = jsonDecoder({ decode: () => left([problem]) }).decode(bytes('7'));
    expect(isLeft(bare) && bare.left).toMatchObject({ expected: 'another value', path: 'message', found: '7' });
  });

  test('E5d the found value is truncated', () => {
    expect(messageOf(bytes(`{"type":"Price","value":"${'9'.repeat(500)}","at":{"place":""}}`)).length).toBeLessThan(
      200,
    );
  });

  test('E5b the cause is kept', () => {
    const result = decoder.decode(bytes('{'));
    expect(isLeft(result) && result.left.cause).toBeInstanceOf(SyntaxError);
  });

  test('E5a E5b a codec that throws, or returns no reason, is a DecodeError', () => {
    const broken = new SyntaxError('Cannot convert x to a BigInt');
    const throwing = new t.Type<never>(
      'Big',
      (value): value is never => value === broken,
      () => {
        throw broken;
      },
      value => value,
    );
    const silent = { ...throwing, decode: () => left([]) } as unknown as t.Decoder<unknown, never>;
    const refused = (codec: t.Decoder<unknown, unknown>) => {
      const result = jsonDecoder(codec).decode(bytes('"x"'));
      return isLeft(result) ? result.left : undefined;
    };
    expect(refused(throwing)).toMatchObject({
      name: 'DecodeError',
      path: 'message',
      expected: 'a value that the codec can check',
      found: 'an error, SyntaxError: Cannot convert x to a BigInt',
      cause: broken,
    });
    expect(refused(silent)).toMatchObject({ name: 'DecodeError', cause: expect.any(TypeError) });
  });

  test('E1d the path may begin with a name, as that of a codec which a user has written', () => {
    const codec = {
      decode: () => left([{ value: 1, context: [{ key: 'at', type: { name: 'a place' } }] }]),
    } as unknown as t.Decoder<unknown, never>;
    const result = jsonDecoder(codec).decode(bytes('1'));
    expect(isLeft(result) && result.left).toMatchObject({ path: 'at', expected: 'a place', found: '1' });
  });

  test('a message that is not bytes is an error, too', () => {
    expect(messageOf('{}' as never)).toMatch(/^message: expected JSON in UTF-8, found "{}"/);
    expect(messageOf(undefined as never)).toMatch(/^message: expected JSON in UTF-8, found undefined/);
    expect(messageOf(new DataView(new ArrayBuffer(2)) as never)).toMatch(
      /^message: expected JSON in UTF-8, found 2 bytes that are not/,
    );
  });

  test('E5e the error is on one line, whatever the text holds', () => {
    const evil = 'x\n\u001b[2J\u009b';
    const result = jsonDecoder(t.record(t.string, t.number)).decode(bytes(JSON.stringify({ [evil]: evil })));
    expect(isLeft(result) && result.left.message).toBe(
      `x\\n\\u001b[2J\\u009b: expected number, found "x\\n\\u001b[2J\\u009b" (${ERRORS_PAGE}#decodeerror)`,
    );
  });

  test('an invalid codec is an OptionError', () => {
    expect(() => jsonDecoder(undefined as never)).toThrow('codec: expected an io-ts codec, found undefined');
  });
});
