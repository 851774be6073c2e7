import { expect, test } from '@jest/globals';
import { sqlDate, sqlTime } from '../../../lib/store/sql/sqlDate.js';
import { sqlText, type Place } from '../../../lib/store/sql/sqlText.js';

const place = (type: string): Place => ({
  name: 'c',
  type,
  isArray: type.endsWith('[]'),
  isJson: type.startsWith('json'),
  delimiter: ',',
});

test.each([
  [new Date('2024-02-03T04:05:06.007Z'), '2024-02-03T04:05:06.007Z'],
  [new Date('9999-12-31T23:59:59.999Z'), '9999-12-31T23:59:59.999Z'],
  [new Date('+010000-01-01T00:00:00Z'), '10000-01-01T00:00:00.000Z'],
  [new Date('0001-01-01T00:00:00Z'), '0001-01-01T00:00:00.000Z'],
  [new Date('0000-12-31T00:00:00Z'), '0001-12-31T00:00:00.000Z BC'],
  [new Date('-000043-03-15T00:00:00Z'), '0044-03-15T00:00:00.000Z BC'],
  [new Date('-012000-03-15T00:00:00Z'), '12001-03-15T00:00:00.000Z BC'],
])('S14b a date as PostgreSQL reads it: %s', (date, text) => {
  expect(sqlDate(date)).toBe(text);
});

test.each([
  [0n, '1970-01-01T00:00:00.000000Z'],
  [1_700_000_000_123_456_789n, '2023-11-14T22:13:20.123456Z'],
  [-1000n, '1969-12-31T23:59:59.999999Z'],
  [-62_167_219_200_000_001_000n, '0002-12-31T23:59:59.999999Z BC'],
  [253_402_300_800_000_007_000n, '10000-01-01T00:00:00.000007Z'],
])('S2 S14 a block time of %s ns', (time, text) => {
  expect(sqlTime(time)).toBe(text);
});

test.each([
  ['nothing', undefined, 'text', null],
  ['null', null, 'text', null],
  ['minus zero', -0, 'double precision', '0'],
  ['not a number', NaN, 'double precision', 'NaN'],
  ['no bytes', new Uint8Array(), 'bytea', '\\x'],
  ['numbers of a typed array', Int16Array.of(1, -2), 'smallint[]', '{1,-2}'],
  ['an array for JSON', [1, 'a'], 'jsonb', '[1,"a"]'],
  ['an array in an array with nothing', [[1], null], 'integer[]', '{{1},null}'],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), 'jsonb', '{"a":1}'],
  ['an empty object', {}, 'jsonb', '{}'],
  ['an object that shows itself', { toJSON: (): string => 'x' }, 'jsonb', '"x"'],
  ['an object that shows itself as a string', { toJSON: (): string => '1.50' }, 'numeric', '1.50'],
  ['the same in an array', [{ toJSON: (): string => 'a"b' }], 'text[]', '{"a\\"b"}'],
  ['the same in an array of JSON', [{ toJSON: (): string => 'x' }], 'jsonb[]', '{"\\"x\\""}'],
  ['a boxed string', Object('a"b'), 'text', 'a"b'],
  ['a boxed number', Object(1), 'jsonb', '1'],
  ['a whole surrogate pair', '𝄞', 'text', '𝄞'],
] as const)('S14 %s', (_what, value, type, text) => {
  expect(sqlText(value, place(type))).toBe(text);
});

test.each([
  ['NaN', { deep: [NaN] }, 'jsonb'],
  ['an infinity', [-Infinity], 'jsonb'],
  ['a Map', { deep: new Map([[1, 2]]) }, 'jsonb'],
  ['an error', [new Error('lost')], 'jsonb'],
  ['bytes', { deep: Uint8Array.of(1) }, 'jsonb'],
  ['a buffer', { deep: new ArrayBuffer(1) }, 'json'],
  ['a date that is none', { deep: new Date(NaN) }, 'jsonb'],
  ['an object for an array', {}, 'text[]'],
  ['an object that shows itself as null', { toJSON: () => null }, 'text'],
] as const)('S14c a value that JSON would change is rejected: %s', (_what, value, type) => {
  expect(() => sqlText(value, place(type))).toThrow(expect.objectContaining({ name: 'ColumnValueError' }));
});

test('S14c a rejected value is reported with its column and its cause', () => {
  const cause = expect.objectContaining({ name: 'TypeError' });
  expect(() => sqlText({ n: 1n }, place('jsonb'))).toThrow(
    expect.objectContaining({ name: 'ColumnValueError', column: 'c', cause }),
  );
  expect(() => sqlText(Symbol('s'), place('text'))).toThrow(
    'column c: expected a value that can be stored, for the type text, found Symbol(s)',
  );
  expect(() => sqlText(new DataView(new ArrayBuffer(1)), place('smallint[]'))).toThrow('expected an array');
});
