import { describe, expect, test } from '@jest/globals';
import { text } from '../../../lib/vega/wire/contents.js';
import { isPlain, plainRules } from '../../../lib/vega/wire/isPlain.js';
import { choice, count, int64 } from '../../../lib/vega/wire/scalars.js';

const rules = plainRules([int64(1), count(2), choice(3), text(4)]);
const plain = (...bytes: number[]): boolean => isPlain(rules, Uint8Array.from(bytes), 0, bytes.length);
const ones = (number: number): number[] => Array<number>(number).fill(0xff);

describe('the quick check', () => {
  test('E1 accepts varints up to the length that is valid for every value of their kind, and no longer', () => {
    expect([plain(0x08, ...ones(9), 0x01), plain(0x08, ...ones(9), 0x02), plain(0x08, ...ones(10), 0x01)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([plain(0x10, ...ones(6), 0x7f), plain(0x10, ...ones(7), 0x01)]).toEqual([true, false]);
    expect([plain(0x18, ...ones(3), 0x7f), plain(0x18, ...ones(4), 0x01)]).toEqual([true, false]);
    expect([plain(0x28, ...ones(9), 0x01), plain(0x28, ...ones(9), 0x02)]).toEqual([true, false]);
  });

  test('E1 accepts contents up to the end, and not a byte further', () => {
    expect([
      plain(0x22, 2, 65, 65),
      plain(0x22, 3, 65, 65),
      plain(0x22, 0x82, 0, 65, 65),
      plain(0x22, 0x83, 0, 65, 65),
    ]).toEqual([true, false, true, false]);
    expect([plain(), plain(0x22), plain(0x08), plain(0x82), plain(0x22, 0x82)]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  test('E1 leaves rare cases to the full check: other wire types, field 0, fields above 63', () => {
    expect([
      plain(0x0a, 0),
      plain(0x20, 0),
      plain(0x02, 0),
      plain(0x00, 0),
      plain(0x0d, 0, 0, 0, 0),
      plain(0x2b, 0x2c),
    ]).toEqual(Array(6).fill(false));
    expect([plain(0xfa, 0x03, 0), plain(0x82, 0x04, 0)]).toEqual([true, false]);
  });
});
