import { describe, expect, test } from '@jest/globals';
import { isLeft, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { jsonDecoder } from '../../lib/event/jsonDecoder.js';
import { errorsPage } from '../../lib/event/seeDocs.js';

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
    expect(messageOf(input)).toBe(`${message} (${errorsPage}#decodeerror)`);
  });

  test('what was found is cut short', () => {
    expect(messageOf(bytes(`{"type":"Price","value":"${'9'.repeat(500)}","at":{"place":""}}`)).length).toBeLessThan(
      200,
    );
  });

  test('the cause is kept', () => {
    const result = decoder.decode(bytes('{'));
    expect(isLeft(result) && result.left.cause).toBeInstanceOf(SyntaxError);
  });
});
