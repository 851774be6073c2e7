import { describe, expect, test } from '@jest/globals';
import { escaped, escapedLines, shown, shownError } from '../../lib/event/shown.js';
import { runInNewContext } from 'node:vm';

const throwing = (): never => {
  throw new Error('not to be read');
};
const circle: Record<string, unknown> = { n: 1 };
circle['self'] = circle;
const deep = Array.from({ length: 100_000 }).reduce<unknown>(inner => ({ inner }), 'core');

describe('E1 E5c shown: describes any value, and never throws', () => {
  test.each<[unknown, string]>([
    ['text', '"text"'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    [undefined, 'undefined'],
    [null, 'null'],
    [-0, '-0'],
    [NaN, 'NaN'],
    [12n, '12n'],
    [Symbol('s'), 'Symbol(s)'],
    [[1, , 'x'], '[1,undefined,"x"]'], // eslint-disable-line no-sparse-arrays
    [{ type: 'Order', size: 5n }, '{"type":"Order","size":5n}'],
    [circle, '{"n":1,"self":{"n":1,"self":{"n":1,"self":…}}}'],
    [deep, '{"inner":{"inner":{"inner":…}}}'],
    [Array.from({ length: 12 }, (_, i) => i), '[0,1,2,3,4,5,6,7,8,9,… 2 more]'],
    [new Uint8Array(5), 'Uint8Array of 5 bytes'],
    [new ArrayBuffer(3), 'ArrayBuffer of 3 bytes'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(NaN), '…'],
    [new Map([[1, 2]]), 'Map of 1'],
    [Object.create(null), '{}'],
    [new TypeError('no'), 'TypeError: no'],
    [runInNewContext('new Error("elsewhere")'), 'Error: elsewhere'],
    [{ get type() { return throwing(); } }, '{"type":…}'], // prettier-ignore
    [new Proxy({}, { ownKeys: throwing }), '…'],
    [{ [Symbol.toPrimitive]: throwing, toString: throwing }, '{"toString":function throwing}'],
  ])('case %#', (value, words) => {
    expect(shown(value)).toBe(words);
  });

  test('at most 100 characters', () => {
    expect(shown('x'.repeat(1e6))).toHaveLength(101);
    expect(shown(Array.from({ length: 1e5 }, () => 'x'.repeat(1e3))).length).toBeLessThan(103);
  });
});

describe('E1 shownError: describes any thrown value', () => {
  test.each<[unknown, string]>([
    [new RangeError('too far'), 'RangeError: too far'],
    [Object.assign(new Error(''), { name: '' }), 'an error without a message'],
    ['a text', '"a text"'],
    [undefined, 'undefined'],
    [Object.create(null), '{}'],
    [Object.defineProperty(new Error(), 'message', { get: throwing }), 'an error that cannot be shown'],
  ])('case %#', (error, words) => {
    expect(shownError(error)).toBe(words);
  });
});

test('E1 E5e characters that would move the cursor, start a line or change the writing direction are escaped', () => {
  expect(escaped('a\u001b[2J\n\r\t\u0000\u007f\u009b\u2028\u202e\u2066z')).toBe(
    'a\\u001b[2J\\n\\r\\t\\u0000\\u007f\\u009b\\u2028\\u202e\\u2066z',
  );
  expect(escapedLines('a\n\u001bb')).toBe('a\n\\u001bb');
});
